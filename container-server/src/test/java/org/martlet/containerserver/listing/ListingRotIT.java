package org.martlet.containerserver.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.martlet.containerserver.listing.Listings.at;
import static org.martlet.containerserver.listing.Listings.await;
import static org.martlet.containerserver.listing.Listings.container;
import static org.martlet.containerserver.listing.Listings.deleted;
import static org.martlet.containerserver.listing.Listings.row;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.common.disk.RealDisk;
import org.martlet.common.kv.KeyValueConfig;
import org.martlet.common.kv.KeyValueEngine;
import org.martlet.common.model.ByteSize;
import org.martlet.common.model.Digest;
import org.martlet.common.protocol.ListingRow;

/// Rot in the files of a real listing database, of which one half is in tables and the other in the
/// write-ahead log: a listing is as it was after one of its changes, with the totals and digests of
/// that moment, or it is refused and then moved aside whole; never a mixture, never a wrong row.
///
/// `-Drot.offsets=500` turns over that many bytes of each file.
class ListingRotIT {
  private static final int OFFSETS = Integer.getInteger("rot.offsets", 2);
  private static final int CHANGES = 20;
  private static final ListingId ID = container("c");
  private static final State NOTHING = new State(List.of(), Totals.NONE, List.of());

  /// What a listing says, and what it tells its replicas.
  private record State(List<ListingRow> rows, Totals totals, List<Digest> leaves) {}

  private enum Outcome {
    SERVED,
    SERVED_AS_BEFORE_A_CHANGE,
    REFUSED,
    STARTED_EMPTY
  }

  private final KeyValueEngine databases =
      new KeyValueEngine(new KeyValueConfig(ByteSize.ofMiB(64), ByteSize.ofMiB(16), 2, 64));
  private final Set<State> history = new HashSet<>();
  private final Set<Outcome> seen = new HashSet<>();
  @TempDir private Path directory;
  private Path template;
  private State newest = NOTHING;
  private int copies;

  @BeforeEach
  void fill() throws Exception {
    template = Files.createDirectory(directory.resolve("template"));
    fill(0);
    fill(CHANGES);
    // What was in the log goes into tables when the database is opened.
    fill(2 * CHANGES);
  }

  private void note(ListingStore store) throws Exception {
    newest = state(store);
    history.add(newest);
  }

  private void fill(int first) throws Exception {
    try (ListingStore store = open(template)) {
      Containers containers = new Containers(store, MetadataLimits.DEFAULT);
      await(containers.put(ID, OptionalInt.empty(), 0, MetadataUpdate.none(at(1))));
      note(store);
      for (int n = first; n < first + CHANGES; n++) {
        merge(containers, row("object-" + n, n + 2, n));
        note(store);
        if (n % 3 == 2) {
          merge(containers, deleted("object-" + (n - 1), n + 2));
          note(store);
        }
      }
    }
  }

  @AfterEach
  void closeDatabases() {
    databases.close();
  }

  private static void merge(Containers containers, ListingRow row) {
    assertThat(
            await(
                containers.merge(
                    List.of(new Containers.Rows(ID, List.of(row), OptionalInt.empty())))))
        .containsExactly(true);
  }

  private ListingStore open(Path device) throws IOException {
    return ListingStore.open(
        device, new RealDisk(), databases, ListingStoreConfig.DEFAULT, Listings.environment());
  }

  private static State state(ListingStore store) throws Exception {
    ListingPage<ListingRow> page =
        new Containers(store, MetadataLimits.DEFAULT)
            .list(ID, ListingQuery.first(1000), bytes -> {});
    if (page.state().info() == null) {
      return NOTHING;
    }
    List<ListingRow> rows =
        page.entries().stream().map(entry -> ((ListingPage.Item<ListingRow>) entry).row()).toList();
    return new State(rows, page.state().totals(), store.digests().nameLeaves(ID));
  }

  @Test
  void noRottenByteOfAnyFileMakesAWrongListing() throws Exception {
    for (Path file : files()) {
      int size = (int) Files.size(template.resolve(file));
      int places = Math.min(OFFSETS, size);
      for (int n = 0; n < places; n++) {
        int offset = (int) ((long) size * n / places);
        check(file + ", byte " + offset, damaged(file, bytes -> flip(bytes, offset)));
      }
    }
    assertThat(seen)
        .contains(Outcome.SERVED, Outcome.SERVED_AS_BEFORE_A_CHANGE, Outcome.STARTED_EMPTY);
  }

  @Test
  void noFileThatIsCutShortOrEmptyOrMissingMakesAWrongListing() throws Exception {
    for (Path file : files()) {
      int size = (int) Files.size(template.resolve(file));
      // RocksDB takes a manifest without its end for an older one: see "Rot" in
      // docs/durability.md.
      int cuts = file.toString().contains("MANIFEST") ? 1 : 4;
      for (int quarters = 0; quarters < cuts; quarters++) {
        int left = (int) ((long) size * quarters / 4);
        check(left + " bytes of " + file, damaged(file, bytes -> Arrays.copyOf(bytes, left)));
      }
      check("zeros in " + file, damaged(file, bytes -> new byte[bytes.length]));
      Path device = copy();
      Files.delete(device.resolve(file));
      check("without " + file, device);
    }
    assertThat(seen)
        .contains(Outcome.SERVED, Outcome.SERVED_AS_BEFORE_A_CHANGE, Outcome.STARTED_EMPTY);
  }

  private interface Damage {
    byte[] of(byte[] bytes);
  }

  private static byte[] flip(byte[] bytes, int offset) {
    bytes[offset] ^= 0x10;
    return bytes;
  }

  /// The files of the database, relative to the device.
  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(template.resolve(ListingDatabase.DIRECTORY))) {
      List<Path> found = files.map(template::relativize).sorted().toList();
      assertThat(found.toString())
          .contains(".sst")
          .contains(".log")
          .contains("MANIFEST")
          .contains("CURRENT");
      return found;
    }
  }

  private Path damaged(Path file, Damage damage) throws IOException {
    Path device = copy();
    Path path = device.resolve(file);
    Files.write(path, damage.of(Files.readAllBytes(path)));
    return device;
  }

  private Path copy() throws IOException {
    Path to = directory.resolve("copy-" + copies++);
    try (Stream<Path> all = Files.walk(template)) {
      all.forEach(path -> copy(path, to.resolve(template.relativize(path))));
    }
    return to;
  }

  private static void copy(Path from, Path to) {
    try {
      Files.copy(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void check(String what, Path device) throws Exception {
    Outcome outcome = outcome(what, device);
    seen.add(outcome);
    if (outcome == Outcome.REFUSED) {
      assertThat(device.resolve(CorruptionMark.NAME)).as(what).exists();
      assertThat(outcome(what + ", opened again", device)).isEqualTo(Outcome.STARTED_EMPTY);
    }
  }

  /// Opens the device, reads all, and goes on if that is possible.
  private Outcome outcome(String what, Path device) throws Exception {
    try (ListingStore store = open(device)) {
      State found = state(store);
      boolean emptied = movedAside(device);
      if (emptied) {
        assertThat(found).as(what).isEqualTo(NOTHING);
      } else {
        assertThat(history.contains(found)).as("a state that was: " + what).isTrue();
      }
      Containers containers = new Containers(store, MetadataLimits.DEFAULT);
      await(containers.put(ID, OptionalInt.empty(), 0, MetadataUpdate.none(at(1))));
      merge(containers, row("afterwards", 1000, 1));
      assertThat(state(store).rows()).as(what).hasSize(found.rows().size() + 1);
      if (emptied) {
        return Outcome.STARTED_EMPTY;
      }
      return found.equals(newest) ? Outcome.SERVED : Outcome.SERVED_AS_BEFORE_A_CHANGE;
    } catch (ListingFault e) {
      assertThat(e.kind()).as(what).isEqualTo(ListingFault.Kind.OFFLINE);
      return Outcome.REFUSED;
    }
  }

  private static boolean movedAside(Path device) throws IOException {
    try (Stream<Path> files = Files.list(device)) {
      return files.anyMatch(file -> file.toString().contains("listings.corrupt-"));
    }
  }
}
