package org.martlet.common.kv;

/// All families of a database as they were at one moment. It holds space on disk until it is
/// closed.
public interface KeyValueSnapshot extends KeyValueReader, AutoCloseable {
  @Override
  void close();
}
