package org.martlet.proxyserver.api;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Headers;
import org.martlet.common.model.ByteSize;
import org.martlet.common.model.ObjectPath;

/// The limits on what clients send; `/info` shows them.
///
/// @param names lengths of names
/// @param metadata numbers and lengths of metadata
/// @param maxFileSize the largest object, inclusive
/// @param maxHeaderSize bytes in any header's value
/// @param extraHeaderCount headers that a request may have on top of [#maxHeaderCount]'s reckoning
/// @param accountListingLimit containers in one listing
/// @param containerListingLimit objects in one listing
public record Constraints(
    Names names,
    Metadata metadata,
    ByteSize maxFileSize,
    int maxHeaderSize,
    int extraHeaderCount,
    int accountListingLimit,
    int containerListingLimit) {
  /// What a header count of metadata leaves for everything else in a request.
  private static final int OTHER_HEADERS = 36;

  /// Lengths of names, in bytes of UTF-8; twice as much for accounts that begin with a dot.
  public record Names(int account, int container, int object) {}

  /// @param name bytes in a metadata field's own name
  /// @param value bytes in its value
  /// @param count fields in one request
  /// @param overall bytes in all names and values together
  public record Metadata(int name, int value, int count, int overall) {}

  /// What is described by a set of metadata.
  public enum Target {
    ACCOUNT,
    CONTAINER,
    OBJECT;

    /// E.g. `x-object-meta-`.
    public String prefix() {
      return "x-" + name().toLowerCase(Locale.ROOT) + "-meta-";
    }
  }

  /// Swift's limits.
  public static Constraints defaults() {
    return new Constraints(
        new Names(256, 256, 1024),
        new Metadata(128, 256, 90, 4096),
        new ByteSize(5_368_709_122L),
        8192,
        0,
        10_000,
        10_000);
  }

  /// How many headers a request may have.
  public int maxHeaderCount() {
    return metadata.count() + OTHER_HEADERS + extraHeaderCount;
  }

  /// @throws ApiException 400 if a part of the path is too long
  public void checkNames(ObjectPath path) {
    int factor = path.account().startsWith(".") ? 2 : 1;
    checkLength("Account", path.account(), factor * names.account());
    checkLength("Container", path.container(), factor * names.container());
    checkLength("Object", path.object(), names.object());
  }

  private static void checkLength(String what, @Nullable String name, int max) {
    if (name == null || name.length() <= max / 3) {
      return;
    }
    int length = name.getBytes(StandardCharsets.UTF_8).length;
    if (length > max) {
      throw ApiException.badRequest(what + " name length of " + length + " longer than " + max);
    }
  }

  /// Checks all header lengths, and numbers, lengths and encoding of one kind of metadata.
  ///
  /// @throws ApiException 400 that names the first limit exceeded
  public void checkMetadata(Target target, Headers headers) {
    new MetadataCheck(this, target).check(headers);
  }
}
