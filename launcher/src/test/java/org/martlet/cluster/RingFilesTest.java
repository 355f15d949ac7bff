package org.martlet.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.common.model.DeviceId;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.common.ring.RingFile;
import org.martlet.common.ring.RingFileException;
import org.martlet.common.ring.RingSeal;
import org.martlet.common.ring.RingWatcher;

class RingFilesTest {
  private static final RingSeal SEAL = RingSeal.with("0123456789abcdef".getBytes(US_ASCII));

  @TempDir Path directory;
  private final RingFiles files = new RingFiles(SEAL);
  private Path file;
  private RingWatcher ring;

  @BeforeEach
  void writeFirst() throws Exception {
    file = directory.resolve("object-1.ring.gz");
    write(5);
    ring = RingWatcher.open(file);
  }

  private void write(long version) throws Exception {
    RingDevice device = RingDevice.of(new DeviceId(0), 1, 1, "10.0.0.1", 6200, "d1", 100);
    RingFile.write(file, Ring.of(2, List.of(device), new int[][] {{0, 0, 0, 0}}, version));
  }

  private RingSeal.Sealed seal() throws Exception {
    return SEAL.read(files.seal(ring));
  }

  @Test
  void aFileIsReadAndSealedOnceForAsLongAsItIsTheSame() throws Exception {
    RingSeal.Sealed first = seal();
    assertThat(first.name()).isEqualTo("object-1");
    assertThat(first.version()).isEqualTo(5);
    assertThat(first.isOf(Files.readAllBytes(file))).isTrue();
    for (int i = 0; i < 100; i++) {
      assertThat(seal()).isEqualTo(first);
    }
    assertThat(files.seals()).isEqualTo(1);
  }

  @Test
  void whoAsksAtTheSameTimeGetsTheSameBytes() throws Exception {
    byte[] one = files.content(ring);
    assertThat(one).isEqualTo(Files.readAllBytes(file));
    assertThat(files.content(ring)).isSameAs(one);
  }

  @Test
  void aReplacedFileIsGivenAwayAsWhatItIsBeforeItIsInForce() throws Exception {
    seal();
    write(6);
    assertThat(seal().version()).isEqualTo(6);
    assertThat(seal().isOf(files.content(ring))).isTrue();
    assertThat(ring.holder().current().version()).isEqualTo(5);
    ring.check();
    write(7);
    ring.check();
    assertThat(seal().version()).isEqualTo(7);
  }

  @Test
  void aFileThatIsNoRingIsNotSealed() throws Exception {
    Files.writeString(file, "no ring");
    assertThatThrownBy(() -> files.seal(ring)).isInstanceOf(RingFileException.class);
    write(8);
    assertThat(seal().version()).isEqualTo(8);
  }
}
