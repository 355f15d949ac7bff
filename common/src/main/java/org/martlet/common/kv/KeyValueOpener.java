package org.martlet.common.kv;

import java.nio.file.Path;
import java.util.List;

/// Opens databases.
public interface KeyValueOpener {

  /// Opens the database in a directory; makes the directory, the database and the families that are
  /// missing.
  ///
  /// @param families all that the database has; the first time they are made, later ones may be
  ///     added, none may be left out
  KeyValueStore open(Path directory, List<KeyValueFamily> families, LogUse log)
      throws KeyValueFault;

  /// Opens a database that takes writes of any mode.
  default KeyValueStore open(Path directory, List<KeyValueFamily> families) throws KeyValueFault {
    return open(directory, families, LogUse.MIXED);
  }
}
