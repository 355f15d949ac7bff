package org.martlet.objectserver.volume;

import java.io.IOException;

/// The device was written by something that this program does not understand: nothing may be
/// changed on it.
public final class UnsupportedFormat extends IOException {
  public UnsupportedFormat(String message) {
    super(message);
  }
}
