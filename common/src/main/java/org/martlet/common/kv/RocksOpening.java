package org.martlet.common.kv;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.Env;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.Logger;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileManager;
import org.rocksdb.WriteBufferManager;

/// Opens one database: checks what is there, makes the native options, and frees them if it fails.
///
/// RocksDB insists on a family named `default`; it stays empty.
final class RocksOpening {
  private static final String ROOT_FILE = "CURRENT";
  private static final int ROOT_BYTES = 64;

  private final Path directory;
  private final KeyValueConfig config;
  private final Cache cache;
  private final WriteBufferManager writeBuffers;
  private final List<AbstractNativeReference> owned = new ArrayList<>();

  RocksOpening(
      Path directory, KeyValueConfig config, Cache cache, WriteBufferManager writeBuffers) {
    this.directory = directory;
    this.config = config;
    this.cache = cache;
    this.writeBuffers = writeBuffers;
  }

  RocksStore open(List<KeyValueFamily> families, LogUse log, Consumer<RocksStore> onClose)
      throws KeyValueFault {
    return open(
        () -> {
          if (isThere()) {
            refuseLeftOut(families);
          }
          return openChecked(families, log, false, onClose);
        });
  }

  /// Changes nothing, and makes nothing.
  RocksStore openReadOnly(List<KeyValueFamily> families, Consumer<RocksStore> onClose)
      throws KeyValueFault {
    return open(
        () -> {
          if (!Files.exists(directory.resolve("CURRENT"))) {
            throw new KeyValueFault(
                KeyValueFault.Kind.CORRUPT, directory + " is no database: it has no file CURRENT");
          }
          return openChecked(families, LogUse.MIXED, true, onClose);
        });
  }

  private interface Opening {
    RocksStore run() throws KeyValueFault, RocksDBException;
  }

  private RocksStore open(Opening opening) throws KeyValueFault {
    boolean done = false;
    try {
      RocksStore store = opening.run();
      done = true;
      return store;
    } catch (RocksDBException e) {
      throw RocksFaults.of("open " + directory, e);
    } finally {
      if (!done) {
        closeAll(owned);
      }
    }
  }

  /// Whether there is a database. RocksDB would take a directory without its root file for a new
  /// one, and write over what is left of the old.
  private boolean isThere() throws KeyValueFault {
    try {
      makeDirectory(directory);
      if (Files.exists(directory.resolve(ROOT_FILE))) {
        checkRoot();
        return true;
      }
      try (Stream<Path> files = Files.list(directory)) {
        if (files.anyMatch(file -> file.toString().endsWith(".sst"))) {
          throw new KeyValueFault(
              KeyValueFault.Kind.CORRUPT, directory + " has tables but no file " + ROOT_FILE);
        }
      }
      return false;
    } catch (KeyValueFault e) {
      throw e;
    } catch (IOException e) {
      throw new KeyValueFault(KeyValueFault.Kind.IO, "open " + directory, e);
    }
  }

  /// RocksDB's Java calls a manifest that is missing an I/O error, as it does a device that fails.
  private void checkRoot() throws IOException {
    byte[] content;
    try (InputStream root = Files.newInputStream(directory.resolve(ROOT_FILE))) {
      content = root.readNBytes(ROOT_BYTES);
    }
    String manifest = new String(content, UTF_8).strip();
    if (!manifest.matches("MANIFEST-[0-9]+") || !Files.exists(directory.resolve(manifest))) {
      throw new KeyValueFault(
          KeyValueFault.Kind.CORRUPT,
          directory + " has a file " + ROOT_FILE + " that names no manifest that is there");
    }
  }

  /// RocksDB syncs the directory of a database, but not the one that names it: without that, a
  /// power loss may take all of a new one.
  private static void makeDirectory(Path directory) throws IOException {
    Path parent = directory.toAbsolutePath().getParent();
    if (parent == null) {
      return;
    }
    if (!Files.exists(parent)) {
      makeDirectory(parent);
    }
    if (!Files.exists(directory)) {
      Files.createDirectory(directory);
    }
    // Also if it was there: whoever made it may have crashed before this.
    try (FileChannel channel = FileChannel.open(parent, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private void refuseLeftOut(List<KeyValueFamily> families) throws RocksDBException {
    Set<String> named = families.stream().map(KeyValueFamily::name).collect(Collectors.toSet());
    List<byte[]> present;
    try (Options options = new Options()) {
      present = RocksDB.listColumnFamilies(options, directory.toString());
    }
    for (byte[] name : present) {
      if (!Arrays.equals(name, RocksDB.DEFAULT_COLUMN_FAMILY)
          && !named.contains(new String(name, UTF_8))) {
        throw new IllegalArgumentException(
            directory + " has a family that was left out: " + new String(name, UTF_8));
      }
    }
  }

  private RocksStore openChecked(
      List<KeyValueFamily> families, LogUse log, boolean readOnly, Consumer<RocksStore> onClose)
      throws RocksDBException {
    SstFileManager files = own(new SstFileManager(Env.getDefault()));
    List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
    descriptors.add(descriptor(RocksDB.DEFAULT_COLUMN_FAMILY, KeyValueFamily.Access.POINT));
    for (KeyValueFamily family : families) {
      descriptors.add(descriptor(family.name().getBytes(UTF_8), family.access()));
    }
    List<ColumnFamilyHandle> opened = new ArrayList<>();
    DBOptions options = own(RocksOptions.database(config, log, writeBuffers, files));
    String path = directory.toString();
    RocksDB db =
        readOnly
            ? RocksDB.openReadOnly(quiet(options), path, descriptors, opened)
            : RocksDB.open(options, path, descriptors, opened);
    Map<KeyValueFamily, ColumnFamilyHandle> handles = new LinkedHashMap<>();
    for (int i = 0; i < families.size(); i++) {
      handles.put(families.get(i), opened.get(i + 1));
    }
    return new RocksStore(directory.toString(), log, db, handles, owned, onClose);
  }

  /// RocksDB would write its own log file into the directory.
  private DBOptions quiet(DBOptions options) {
    return options.setCreateIfMissing(false).setLogger(own(new NoLogger()));
  }

  private static final class NoLogger extends Logger {
    NoLogger() {
      super(InfoLogLevel.FATAL_LEVEL);
    }

    @Override
    protected void log(InfoLogLevel level, String message) {}
  }

  private ColumnFamilyDescriptor descriptor(byte[] name, KeyValueFamily.Access access) {
    return new ColumnFamilyDescriptor(name, own(RocksOptions.family(access, config, cache)));
  }

  private <T extends AbstractNativeReference> T own(T object) {
    owned.add(object);
    return object;
  }

  /// Closes native objects, the last made first.
  static void closeAll(List<AbstractNativeReference> objects) {
    objects.reversed().forEach(AbstractNativeReference::close);
  }
}
