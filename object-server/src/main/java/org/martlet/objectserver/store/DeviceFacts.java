package org.martlet.objectserver.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a device is and holds, for whoever operates it.
///
/// - Shape: as JSON (`docs/http-api.md`), with the names of the components.
///
/// @param device its identity
/// @param cluster whose it is
/// @param format of everything in its directory
/// @param status its condition; `not served` where no server has it open
/// @param index null where it cannot be used
/// @param volumes by number
/// @param policies of what the device holds
/// @param quarantine what was put aside, and stays until somebody removes it
/// @param compaction null where no server has it open
/// @param opening what the server found when it opened it; null where none has
/// @param problems what the operator has to look after; empty where all is well
/// @param remarks what else the operator should know
public record DeviceFacts(
    String device,
    String cluster,
    int format,
    String status,
    @Nullable Space space,
    Log log,
    @Nullable Index index,
    List<Volume> volumes,
    @Nullable Blobs blobs,
    List<Policy> policies,
    @Nullable Due due,
    List<Quarantined> quarantine,
    @Nullable Audit audit,
    @Nullable Compaction compaction,
    @Nullable Opening opening,
    List<String> problems,
    List<String> remarks) {

  /// Bytes of the file system.
  ///
  /// @param reserve below so many free ones nothing is taken that adds data
  /// @param reserveHard below so many nothing is taken at all
  public record Space(long total, long usable, long reserve, long reserveHard) {}

  /// How far the log goes, and how far of it is in the index.
  ///
  /// @param volume the newest; 0 for none
  /// @param end of its records
  /// @param epoch of the device's last start that wrote anything
  /// @param indexedVolume up to where the index is; 0 for nowhere
  /// @param indexedEnd in that volume
  /// @param recordsBehind not in the index: the next start replays them
  /// @param tornBytes that a crash left behind the last record: the next start cuts them
  public record Log(
      int volume,
      long end,
      int epoch,
      int indexedVolume,
      long indexedEnd,
      long recordsBehind,
      long tornBytes) {}

  /// The database of what is where.
  ///
  /// @param bytes of its files
  /// @param leafBits see `docs/disk-format.md`
  /// @param rebuildPending whether the next start makes it anew
  public record Index(long bytes, int leafBits, boolean rebuildPending) {}

  /// A file of the log.
  ///
  /// @param live bytes of records that are of use; -1 where that is not known
  /// @param dead bytes of the others; -1 where that is not known
  /// @param created in ticks of 10 µs
  /// @param current whether it is the one that is written
  public record Volume(
      int number, String file, long size, long live, long dead, long created, boolean current) {
    /// The share of its bytes that are of no use; 0 where that is not known.
    public double garbageShare() {
      return live < 0 || live + dead == 0 ? 0 : (double) dead / (live + dead);
    }
  }

  /// Bodies in files of their own.
  ///
  /// @param files that are there
  /// @param referenced of objects; -1 where that is not known
  /// @param bytes of the bodies that are referenced; -1 where that is not known
  public record Blobs(long files, long referenced, long bytes) {}

  /// What is held of one storage policy.
  public record Policy(int policy, long objects, long bytes, long tombstones) {}

  /// Listing updates that were not delivered.
  ///
  /// @param marks counted
  /// @param more whether there are more than were counted
  public record Due(long marks, boolean more) {}

  /// Something in `quarantine/`.
  ///
  /// @param bytes of it; -1 where that is not known
  /// @param what it is, in words
  public record Quarantined(String name, long bytes, String what) {}

  /// How everything that is stored is verified.
  ///
  /// @param volume the last one verified in the pass under way; 0 for none
  /// @param blob the last one verified in the pass under way, in hexadecimal; empty for none
  /// @param verifiedBytes in the pass under way
  /// @param damaged found in the pass under way
  /// @param passes finished
  /// @param finishedMillis when the last one was, since 1970; 0 for never
  /// @param damagedSinceOpen -1 where no server has it open
  /// @param unreadableSinceOpen -1 where no server has it open
  /// @param alarms how the index contradicted itself at the end of the last pass
  public record Audit(
      int volume,
      String blob,
      long verifiedBytes,
      int damaged,
      long passes,
      long finishedMillis,
      long damagedSinceOpen,
      long unreadableSinceOpen,
      List<String> alarms) {}

  /// How the space of garbage is given back, since the device was opened.
  ///
  /// @param volume that is being rewritten; 0 for none
  public record Compaction(
      int volume,
      long volumeBytes,
      long movedBytes,
      long freedBytes,
      long removedVolumes,
      int failedVolumes) {}

  /// What opening the device found and did.
  public record Opening(
      boolean indexRebuilt, long records, long cutBytes, long damagedBytes, long sweptBlobs) {}

  /// Whether there is nothing for the operator to look after.
  public boolean isSound() {
    return problems.isEmpty();
  }
}
