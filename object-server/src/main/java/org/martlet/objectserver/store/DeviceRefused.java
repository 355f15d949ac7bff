package org.martlet.objectserver.store;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The device may not be opened as it is: it is in use, belongs to another cluster, or has a
/// newer format. The message says which, and what to do. Nothing was changed.
public final class DeviceRefused extends IOException {
  DeviceRefused(@Nullable String message) {
    super(message);
  }
}
