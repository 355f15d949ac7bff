package org.martlet.proxyserver.object;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.martlet.common.http.Headers;
import org.martlet.common.protocol.BackendHeaders;

/// MD5, CRC-32C and length of a body, computed as it passes.
final class BodyDigest {
  private final MessageDigest md5 = md5();
  private final CRC32C crc = new CRC32C();
  private long length;

  void update(ByteBuffer bytes) {
    length += bytes.remaining();
    md5.update(bytes.duplicate());
    crc.update(bytes);
  }

  long length() {
    return length;
  }

  /// Ends the computation; call once.
  Result result() {
    return new Result(HexFormat.of().formatHex(md5.digest()), crcText(crc), length);
  }

  static String crcText(CRC32C crc) {
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }

  /// @param etag the MD5, 32 hexadecimal digits
  /// @param crc32c eight hexadecimal digits
  /// @param length bytes
  record Result(String etag, String crc32c, long length) {
    /// As headers or trailers to a device.
    Headers addTo(Headers headers) {
      return headers.set(BackendHeaders.ETAG, etag).set(BackendHeaders.CRC32C, crc32c);
    }
  }
}
