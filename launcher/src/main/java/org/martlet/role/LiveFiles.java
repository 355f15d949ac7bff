package org.martlet.role;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.martlet.UserMistake;
import org.martlet.cluster.ConfigFiles;
import org.martlet.common.config.ConfigEntry;
import org.martlet.common.config.ConfigException;
import org.martlet.common.config.ConfigReader;
import org.martlet.common.config.ConfigTable;
import org.martlet.common.config.LoadedConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The files that a process was started from. They can be read again while it runs: what is marked
/// takes effect, what is not is named in the log, and when one of them is wrong nothing changes.
///
/// - Threads: any; [#reload] blocks on the disk.
public final class LiveFiles {
  private static final Logger LOG = LoggerFactory.getLogger(LiveFiles.class);

  private final List<LiveFile<?>> files = new CopyOnWriteArrayList<>();

  /// One file as it is in force.
  public static final class LiveFile<T> {
    private final Path file;
    private final boolean optional;
    private final Function<ConfigTable, T> reader;
    private LoadedConfig<T> loaded;
    private Set<String> marked = Set.of();
    private Consumer<T> listener = config -> {};

    private LiveFile(Path file, boolean optional, Function<ConfigTable, T> reader)
        throws ConfigException {
      this.file = file;
      this.optional = optional;
      this.reader = reader;
      this.loaded = read();
    }

    /// What it said when it was last read.
    public synchronized T config() {
      return loaded.config();
    }

    /// From now on changes take effect.
    ///
    /// @param keys that do, or the names of whole tables
    /// @param change puts them in force; all others are as they were at the start
    public synchronized void onChange(Set<String> keys, Consumer<T> change) {
      marked = keys;
      listener = change;
    }

    private LoadedConfig<T> read() throws ConfigException {
      return optional && !ConfigFiles.isGiven(file)
          ? ConfigReader.parse(file.toString(), "", reader)
          : ConfigFiles.read(file, reader);
    }

    private synchronized void take(LoadedConfig<T> next) {
      LoadedConfig<T> before = loaded;
      if (next.config().equals(before.config())) {
        LOG.info("{} was read again: nothing has changed", file);
        return;
      }
      Set<String> live = new TreeSet<>();
      Set<String> later = new TreeSet<>();
      for (String key : changed(before, next)) {
        (ReloadedKeys.covers(marked, key) ? live : later).add(key);
      }
      listener.accept(next.config());
      loaded = next;
      LOG.info("{} was read again: {}", file, summary(live, later));
    }

    private static String summary(Set<String> live, Set<String> later) {
      List<String> parts = new ArrayList<>();
      if (!live.isEmpty()) {
        parts.add("in force now: " + String.join(", ", live));
      }
      if (!later.isEmpty()) {
        parts.add("in force after the next start: " + String.join(", ", later));
      }
      return parts.isEmpty()
          ? "no key but secrets has changed: those of users are in force now"
          : String.join("; ", parts);
    }

    private static Set<String> changed(LoadedConfig<?> before, LoadedConfig<?> after) {
      Map<String, String> old = values(before);
      Map<String, String> now = values(after);
      Set<String> changed = new TreeSet<>(old.keySet());
      changed.addAll(now.keySet());
      changed.removeIf(key -> Objects.equals(old.get(key), now.get(key)));
      return changed;
    }

    private static Map<String, String> values(LoadedConfig<?> config) {
      Map<String, String> values = new LinkedHashMap<>();
      for (ConfigEntry entry : config.entries()) {
        values.put(entry.path(), entry.value());
      }
      return values;
    }
  }

  /// Reads a file and logs what is in force, secrets hidden.
  ///
  /// @throws UserMistake listing every problem
  public <T> LiveFile<T> read(Path file, Function<ConfigTable, T> reader) {
    return read(file, false, reader);
  }

  /// The same for a file that may be missing: everything is then by default.
  <T> LiveFile<T> readOptional(Path file, Function<ConfigTable, T> reader) {
    return read(file, true, reader);
  }

  private <T> LiveFile<T> read(Path file, boolean optional, Function<ConfigTable, T> reader) {
    try {
      LiveFile<T> live = new LiveFile<>(file, optional, reader);
      LOG.info("{} in force:\n{}", file, live.loaded.effective());
      files.add(live);
      return live;
    } catch (ConfigException e) {
      throw new UserMistake(String.valueOf(e.getMessage()), e);
    }
  }

  /// Reads all files again and puts in force what can be; nothing if one of them is wrong.
  ///
  /// @return whether all were good
  public synchronized boolean reload() {
    List<Runnable> changes = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (LiveFile<?> file : files) {
      prepared(file, problems).ifPresent(changes::add);
    }
    if (!problems.isEmpty()) {
      LOG.error(
          "the files were read again and nothing was changed, because there are problems:\n{}",
          String.join("\n", problems));
      return false;
    }
    for (Runnable change : changes) {
      try {
        change.run();
      } catch (RuntimeException e) {
        LOG.error("a changed configuration could not be put in force", e);
      }
    }
    return true;
  }

  private static <T> Optional<Runnable> prepared(LiveFile<T> file, List<String> problems) {
    try {
      LoadedConfig<T> next = file.read();
      return Optional.of(() -> file.take(next));
    } catch (ConfigException e) {
      @Nullable String message = e.getMessage();
      problems.add(String.valueOf(message));
      return Optional.empty();
    }
  }
}
