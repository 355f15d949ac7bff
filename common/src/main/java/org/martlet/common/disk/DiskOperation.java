package org.martlet.common.disk;

/// What was asked of a disk: for messages of faults, and for tests that inject them.
public enum DiskOperation {
  OPEN("open"),
  CREATE("create"),
  READ("read"),
  WRITE("write"),
  FORCE("fsync"),
  TRUNCATE("truncate"),
  SIZE("stat"),
  CLOSE("close"),
  DELETE("delete"),
  RENAME("rename"),
  LIST("list"),
  CREATE_DIRECTORY("mkdir"),
  SYNC_DIRECTORY("fsync of directory"),
  EXISTS("look up"),
  SPACE("statfs"),
  LOCK("lock");

  private final String verb;

  DiskOperation(String verb) {
    this.verb = verb;
  }

  /// As it reads in a message, before the path.
  public String verb() {
    return verb;
  }
}
