package org.martlet.recon;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The file system of one device.
///
/// @param mounted whether a disk is there
/// @param fault why that cannot be told, in words; null where it can
/// @param total bytes; 0 where no disk is there
/// @param usable bytes that may still be written
/// @param fileSystem tells the file systems of a machine apart; empty where no disk is there
record DiskUse(
    String device,
    boolean mounted,
    @Nullable String fault,
    long total,
    long usable,
    String fileSystem) {

  static DiskUse failed(String device, String fault) {
    return new DiskUse(device, false, fault, 0, 0, "");
  }

  static DiskUse notMounted(String device) {
    return new DiskUse(device, false, null, 0, 0, "");
  }

  boolean isWell() {
    return mounted && fault == null;
  }

  /// As in `/recon/unmounted`: `mounted` is false, or the fault in words.
  Map<String, Object> unmounted() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("device", device);
    json.put("mounted", fault == null ? (Object) mounted : fault);
    return json;
  }

  /// As in `/recon/diskusage`.
  Map<String, Object> usage() {
    Map<String, Object> json = unmounted();
    json.put("size", isWell() ? (Object) total : "");
    json.put("used", isWell() ? (Object) (total - usable) : "");
    json.put("avail", isWell() ? (Object) usable : "");
    return json;
  }

  /// The same, and which file system it is: two devices may share one.
  Map<String, Object> described() {
    Map<String, Object> json = usage();
    json.put("file_system", fileSystem);
    return json;
  }
}
