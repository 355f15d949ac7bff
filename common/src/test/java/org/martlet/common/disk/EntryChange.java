package org.martlet.common.disk;

import java.util.TreeMap;
import java.util.function.Function;

/// A change of directory entries that is not on stable storage yet. It is kept or lost whole.
///
/// Removals name the file and not only the entry, so that a change that is kept while an earlier
/// one was lost does not hit another file of that name.
sealed interface EntryChange {
  /// The directory whose sync makes it durable.
  CrashDirectory syncedBy();

  /// Applies it to the entries that this function gives for a directory.
  void apply(Function<CrashDirectory, TreeMap<String, Object>> entries);

  record Link(CrashDirectory directory, String name, Object node) implements EntryChange {
    @Override
    public CrashDirectory syncedBy() {
      return directory;
    }

    @Override
    public void apply(Function<CrashDirectory, TreeMap<String, Object>> entries) {
      entries.apply(directory).put(name, node);
    }
  }

  record Unlink(CrashDirectory directory, String name, Object node) implements EntryChange {
    @Override
    public CrashDirectory syncedBy() {
      return directory;
    }

    @Override
    public void apply(Function<CrashDirectory, TreeMap<String, Object>> entries) {
      removeExactly(entries.apply(directory), name, node);
    }
  }

  record Move(CrashDirectory from, String name, CrashDirectory to, String newName, Object node)
      implements EntryChange {
    @Override
    public CrashDirectory syncedBy() {
      return to;
    }

    @Override
    public void apply(Function<CrashDirectory, TreeMap<String, Object>> entries) {
      removeExactly(entries.apply(from), name, node);
      entries.apply(to).put(newName, node);
    }
  }

  private static void removeExactly(TreeMap<String, Object> entries, String name, Object node) {
    if (entries.get(name) == node) {
      entries.remove(name);
    }
  }
}
