package org.martlet.common.replication;

import java.nio.ByteBuffer;
import org.martlet.common.model.Timestamp;

/// The form of [RecordClocks] on the wire; see [RecordList].
final class ClockCodec {
  private ClockCodec() {}

  static void write(RecordClocks clocks, ByteBuffer to) {
    DataClock data = clocks.data();
    to.put((byte) (data.deleted() ? 1 : 0));
    write(data.timestamp(), to);
    write(clocks.contentType(), to);
    write(clocks.metadata(), to);
    to.putLong(data.etag().high()).putLong(data.etag().low());
    to.putLong(data.size()).putInt(clocks.headersTag());
  }

  static RecordClocks read(ByteBuffer from) {
    byte flag = from.get();
    if (flag != 0 && flag != 1) {
      throw new IllegalArgumentException("a flag is neither 0 nor 1: " + flag);
    }
    Timestamp data = timestamp(from);
    Timestamp contentType = timestamp(from);
    Timestamp metadata = timestamp(from);
    BodyEtag etag = new BodyEtag(from.getLong(), from.getLong());
    DataClock clock = new DataClock(data, flag == 1, etag, from.getLong());
    return new RecordClocks(clock, contentType, metadata, from.getInt());
  }

  private static void write(Timestamp clock, ByteBuffer to) {
    to.putLong(clock.ticks()).putLong(clock.offset());
  }

  private static Timestamp timestamp(ByteBuffer from) {
    return new Timestamp(from.getLong(), from.getLong());
  }
}
