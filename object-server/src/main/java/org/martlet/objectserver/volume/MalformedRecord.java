package org.martlet.objectserver.volume;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// What was read is not what was written: a checksum or a structure is wrong.
public final class MalformedRecord extends IOException {
  MalformedRecord(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
