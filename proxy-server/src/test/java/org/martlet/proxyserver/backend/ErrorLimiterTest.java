package org.martlet.proxyserver.backend;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.martlet.common.model.DeviceId;
import org.martlet.common.ring.RingDevice;
import org.slf4j.LoggerFactory;

class ErrorLimiterTest {
  private static final RingDevice DEVICE =
      RingDevice.of(new DeviceId(1), 1, 1, "10.0.0.1", 6200, "sdb", 1);

  private Instant now = Instant.ofEpochSecond(100);
  private final ErrorLimiter limiter = new ErrorLimiter(10, Duration.ofSeconds(60), () -> now);

  @Test
  void limitsADeviceAfterMoreErrorsThanAllowed() {
    for (int i = 0; i < 10; i++) {
      limiter.failed(DEVICE, "test");
    }
    assertThat(limiter.isLimited(DEVICE)).isFalse();
    limiter.failed(DEVICE, "test");
    assertThat(limiter.isLimited(DEVICE)).isTrue();
  }

  @Test
  void forgetsErrorsAfterTheIntervalWithoutOne() {
    limiter.unusable(DEVICE);
    now = now.plusSeconds(60);
    assertThat(limiter.isLimited(DEVICE)).isTrue();
    now = now.plusSeconds(1);
    assertThat(limiter.isLimited(DEVICE)).isFalse();
  }

  @Test
  void limitsAFullDeviceAtOnceAndNoOther() {
    RingDevice other = RingDevice.of(new DeviceId(2), 1, 1, "10.0.0.1", 6200, "sdc", 1);
    limiter.unusable(DEVICE);
    assertThat(limiter.isLimited(DEVICE)).isTrue();
    assertThat(limiter.isLimited(other)).isFalse();
  }

  @Test
  void tellsHowManyAreLimitedNowAndHowManyErrorsThereWere() {
    RingDevice other = RingDevice.of(new DeviceId(2), 1, 1, "10.0.0.1", 6200, "sdc", 1);
    limiter.unusable(DEVICE);
    limiter.failed(other, "test");
    assertThat(limiter.limitedDevices()).isEqualTo(1);
    now = now.plusSeconds(61);
    assertThat(limiter.limitedDevices()).isZero();
    assertThat(limiter.errors()).isEqualTo(2);
  }

  @Test
  void warnsOnceForEachTimeADeviceIsLimited() {
    Logger logger = (Logger) LoggerFactory.getLogger(ErrorLimiter.class);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    logger.addAppender(log);
    try {
      IntStream.range(0, 1_000).forEach(i -> limiter.failed(DEVICE, "test"));
      limiter.unusable(DEVICE);
      now = now.plusSeconds(61);
      limiter.unusable(DEVICE);
      limiter.unusable(DEVICE);
    } finally {
      logger.detachAppender(log);
    }
    assertThat(log.list.stream().filter(event -> event.getLevel() == Level.WARN)).hasSize(2);
  }

  @Test
  void rememberedDevicesAreBounded() {
    for (int i = 0; i <= ErrorLimiter.MAX_DEVICES; i++) {
      limiter.unusable(RingDevice.of(new DeviceId(i), 1, 1, "10.0.0.2", 6200, "d" + i, 1));
    }
    assertThat(limiter.isLimited(RingDevice.of(new DeviceId(0), 1, 1, "10.0.0.2", 6200, "d0", 1)))
        .isFalse();
  }
}
