package org.martlet.common.config;

/// Gives up on a table that has problems, all of them noted, and no record to stand in for it.
final class UnusableTable extends RuntimeException {
  UnusableTable() {
    super("problems were noted", null, false, false);
  }
}
