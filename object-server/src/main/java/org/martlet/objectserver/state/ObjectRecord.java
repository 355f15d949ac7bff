package org.martlet.objectserver.state;

import org.martlet.common.model.ObjectPath;

/// An object with its name and its whole state; what a log record's envelope carries.
///
/// @param path the object's path, which the key's hash was computed from
public record ObjectRecord(ObjectKey key, ObjectPath path, ObjectState state) {
  public ObjectRecord {
    if (path.object() == null) {
      throw new IllegalArgumentException("not an object's path: " + path);
    }
  }

  public ObjectRecord withState(ObjectState newState) {
    return new ObjectRecord(key, path, newState);
  }
}
