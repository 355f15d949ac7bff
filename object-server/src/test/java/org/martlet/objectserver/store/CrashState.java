package org.martlet.objectserver.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.martlet.common.disk.CrashChoice;
import org.martlet.common.disk.CrashDisk;
import org.martlet.common.disk.CrashScript;
import org.martlet.common.disk.PowerSwitch;
import org.martlet.common.kv.InMemoryKeyValues;

/// What one power loss left of a machine, and what its device may hold then.
///
/// @param name how it came to be, the same at every run: `letters @ call / choice`, for a loss
///     during the recovery from that followed by `@ call / choice` again
/// @param allowed one of these must be found
record CrashState(
    String name, CrashDisk disk, InMemoryKeyValues databases, List<Reference> allowed) {

  /// Every state that a power loss at this moment may leave, as far as scripts go.
  ///
  /// @param name of the moment
  static List<CrashState> of(Machine machine, String name, List<Reference> allowed) {
    List<CrashState> states = new ArrayList<>();
    for (CrashScript script : CrashScript.around(choice -> crash(machine, choice, "", allowed))) {
      states.add(crash(machine, script.begin(), name + "/" + script.name(), allowed));
    }
    return states;
  }

  private static CrashState crash(
      Machine machine, CrashChoice choice, String name, List<Reference> allowed) {
    // Which machine it is in is said when it boots.
    PowerSwitch off = new PowerSwitch();
    return new CrashState(
        name, machine.disk.crash(choice, off), machine.databases.crash(choice, off), allowed);
  }

  /// The same with other states allowed.
  CrashState allowing(List<Reference> others) {
    return new CrashState(name, disk, databases, others);
  }

  /// A machine of its own with this disk; the state stays as it is.
  Machine boot(long seed) {
    PowerSwitch power = new PowerSwitch();
    CrashChoice all = CrashChoice.keepEverything();
    return Machine.of(power, disk.crash(all, power), databases.crash(all, power), seed);
  }

  /// The same for states that no check can tell apart.
  String fingerprint() {
    MessageDigest digest = md5();
    disk.directories().forEach(directory -> add(digest, directory.toString()));
    disk.contents()
        .forEach(
            (path, content) -> {
              add(digest, path + ":" + content.length);
              digest.update(content);
            });
    for (Map.Entry<String, SortedMap<byte[], byte[]>> family : index(databases).entrySet()) {
      add(digest, family.getKey() + ":" + family.getValue().size());
      family
          .getValue()
          .forEach(
              (key, value) -> {
                add(digest, key.length + ":" + value.length);
                digest.update(key);
                digest.update(value);
              });
    }
    allowed.forEach(reference -> add(digest, "" + reference.all().hashCode()));
    return HexFormat.of().formatHex(digest.digest());
  }

  static Map<String, SortedMap<byte[], byte[]>> index(InMemoryKeyValues databases) {
    return databases.contents(Machine.ROOT.resolve("index"));
  }

  private static void add(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
