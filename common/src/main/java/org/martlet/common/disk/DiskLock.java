package org.martlet.common.disk;

/// An exclusive lock that is held until it is closed or the process ends. The lock file stays.
public interface DiskLock extends AutoCloseable {
  @Override
  void close() throws DiskFault;
}
