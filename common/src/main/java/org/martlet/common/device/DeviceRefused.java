package org.martlet.common.device;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The device may not be used as it is: it is in use, belongs to another cluster, has a newer
/// format, or is no device. The message says which, and what to do. Nothing was changed.
public final class DeviceRefused extends IOException {
  public DeviceRefused(@Nullable String message) {
    super(message);
  }
}
