package org.martlet.objectserver.state;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.martlet.common.model.Timestamp;

/// An object's content type with the clock that governs it.
///
/// - Order: timestamp, then the unsigned order of the value's UTF-8 bytes.
public record ContentType(Timestamp timestamp, String value) implements Comparable<ContentType> {
  @Override
  public int compareTo(ContentType other) {
    int order = timestamp.compareTo(other.timestamp);
    if (order != 0 || value.equals(other.value)) {
      return order;
    }
    return Arrays.compareUnsigned(
        value.getBytes(StandardCharsets.UTF_8), other.value.getBytes(StandardCharsets.UTF_8));
  }
}
