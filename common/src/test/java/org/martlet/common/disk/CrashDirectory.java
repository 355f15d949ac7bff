package org.martlet.common.disk;

import java.util.TreeMap;

/// A directory of a [CrashDisk]: its entries as they are, and as they are on stable storage. An
/// entry is a [CrashFile] or a [CrashDirectory].
final class CrashDirectory {
  final TreeMap<String, Object> now = new TreeMap<>();
  final TreeMap<String, Object> durable = new TreeMap<>();
}
