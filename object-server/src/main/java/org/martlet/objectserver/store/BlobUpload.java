package org.martlet.objectserver.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.martlet.common.disk.DiskFault;
import org.martlet.common.disk.DiskFull;
import org.martlet.common.disk.DiskOutOfHandles;
import org.martlet.objectserver.volume.BlobAppender;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A blob file that is being written.
final class BlobUpload implements BlobWriter {
  private static final Logger LOG = LoggerFactory.getLogger(BlobUpload.class);

  /// The device's condition is looked at this often.
  private static final long CHECK_BYTES = 4L << 20;

  private final DeviceParts parts;
  private final BlobAppender appender;
  private long checkedAt;
  private @Nullable StagedBlob staged;
  private boolean closed;

  private BlobUpload(DeviceParts parts, BlobAppender appender) {
    this.parts = parts;
    this.appender = appender;
  }

  static BlobUpload begin(DeviceParts parts) throws StoreFault {
    check(parts);
    DeviceHealth.Watch watch = parts.health().watch();
    try {
      return new BlobUpload(parts, new BlobAppender(parts.blobs(), parts.sequences().next()));
    } catch (IOException e) {
      throw fault(parts, e);
    } finally {
      watch.end();
    }
  }

  private static void check(DeviceParts parts) throws StoreFault {
    MutationOutcome.Refusal refusal = parts.health().refusal(1);
    if (refusal != null) {
      throw new StoreFault("the device takes no bodies: " + refusal, refusal);
    }
  }

  private static StoreFault fault(DeviceParts parts, IOException e) {
    return switch (e) {
      case DiskFull full -> {
        parts.health().foundFull();
        yield new StoreFault(full.getMessage(), new MutationOutcome.InsufficientStorage());
      }
      case DiskOutOfHandles handles ->
          new StoreFault(handles.getMessage(), new MutationOutcome.Busy());
      default -> {
        parts.health().offline("writing a blob failed", e);
        yield new StoreFault("writing a blob failed", e);
      }
    };
  }

  @Override
  public void write(ByteBuffer chunk) throws StoreFault {
    checkUnfinished();
    if (appender.size() - checkedAt >= CHECK_BYTES) {
      check(parts);
      checkedAt = appender.size();
    }
    DeviceHealth.Watch watch = parts.health().watch();
    try {
      appender.append(chunk);
    } catch (DiskFault e) {
      throw fault(parts, e);
    } finally {
      watch.end();
    }
  }

  private void checkUnfinished() {
    if (closed || staged != null) {
      throw new IllegalStateException("the body is finished");
    }
  }

  @Override
  public long size() {
    return appender.size();
  }

  @Override
  public NewBody finish() throws StoreFault {
    checkUnfinished();
    DeviceHealth.Watch watch = parts.health().watch();
    try {
      StagedBlob blob = new StagedBlob(appender.id(), appender.finish());
      staged = blob;
      return blob;
    } catch (IOException e) {
      throw fault(parts, e);
    } finally {
      watch.end();
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    DeviceHealth.Watch watch = parts.health().watch();
    try {
      appender.close();
      if (staged == null || staged.claim()) {
        parts.blobs().settle(appender.id());
        parts.blobs().delete(appender.id());
      }
    } catch (DiskFault e) {
      LOG.warn("blob {} stays until the next audit", appender.id(), e);
    } finally {
      watch.end();
    }
  }
}
