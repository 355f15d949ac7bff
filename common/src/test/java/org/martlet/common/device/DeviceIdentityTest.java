package org.martlet.common.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.martlet.common.disk.CrashChoice;
import org.martlet.common.disk.CrashDisk;
import org.martlet.common.disk.DiskFault;
import org.martlet.common.disk.DiskFile;
import org.martlet.common.disk.DiskOperation;
import org.martlet.common.disk.FaultyDisk;
import org.martlet.common.disk.PowerSwitch;

class DeviceIdentityTest {
  private static final Path ROOT = Path.of("/srv/d1");
  private static final UUID DEVICE = UUID.fromString("11111111-2222-4333-8444-555555555555");

  private final PowerSwitch power = new PowerSwitch();
  private final CrashDisk disk = new CrashDisk(power, ROOT);

  private void write(String name, String text) throws IOException {
    try (DiskFile file = disk.create(ROOT.resolve(name))) {
      file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
    }
  }

  @Test
  void readsWhatWasCreated() throws IOException {
    DeviceIdentity made = DeviceIdentity.create(disk, ROOT, "c1", DEVICE);

    assertThat(DeviceIdentity.read(disk, ROOT, "c1")).isEqualTo(made);
    assertThat(made).isEqualTo(new DeviceIdentity(DEVICE, "c1", 1));
  }

  @Test
  void isThereAfterAPowerLossOnceItWasCreated() throws IOException {
    DeviceIdentity made = DeviceIdentity.create(disk, ROOT, "c1", DEVICE);
    power.cut();
    CrashDisk after = disk.crash(CrashChoice.keepNothing(), new PowerSwitch());

    assertThat(DeviceIdentity.read(after, ROOT, "c1")).isEqualTo(made);
  }

  @Test
  void createsAgainWhereACreationWasInterrupted() throws IOException {
    FaultyDisk faults = new FaultyDisk(disk);
    faults.inject(DiskOperation.RENAME, FaultyDisk.Fault.IO_ERROR);
    assertThatThrownBy(() -> DeviceIdentity.create(faults, ROOT, "c1", DEVICE))
        .isInstanceOf(DiskFault.class);

    DeviceIdentity made = DeviceIdentity.create(faults, ROOT, "c1", DEVICE);
    assertThat(DeviceIdentity.read(disk, ROOT, "c1")).isEqualTo(made);
  }

  @Test
  void refusesADirectoryWithoutIdentityAndSaysWhatToDo() {
    assertThatThrownBy(() -> DeviceIdentity.read(disk, ROOT, "c1"))
        .isInstanceOf(DeviceRefused.class)
        .hasMessageContaining("mount its disk")
        .hasMessageContaining("init-device");
  }

  @Test
  void refusesAnotherClustersDevice() throws IOException {
    DeviceIdentity.create(disk, ROOT, "c1", DEVICE);

    assertThatThrownBy(() -> DeviceIdentity.read(disk, ROOT, "c2"))
        .isInstanceOf(DeviceRefused.class)
        .hasMessageContaining("belongs to cluster c1");
  }

  @Test
  void refusesANewerFormat() throws IOException {
    write("device.json", "{\"device\":\"" + DEVICE + "\",\"cluster\":\"c1\",\"format\":2}");

    assertThatThrownBy(() -> DeviceIdentity.read(disk, ROOT, "c1"))
        .isInstanceOf(DeviceRefused.class)
        .hasMessageContaining("format 2");
  }

  @Test
  void refusesWhatIsNoIdentity() throws IOException {
    write("device.json", "{\"device\": 7");

    assertThatThrownBy(() -> DeviceIdentity.read(disk, ROOT, "c1"))
        .isInstanceOf(DeviceRefused.class)
        .hasMessageContaining("device.json cannot be read");
  }

  @Test
  void makesNoDeviceOfADirectoryThatHoldsAnything() throws IOException {
    write("somebody's", "file");

    assertThatThrownBy(() -> DeviceIdentity.create(disk, ROOT, "c1", DEVICE))
        .isInstanceOf(DeviceRefused.class)
        .hasMessageContaining("is not empty");
    assertThat(disk.list(ROOT)).containsExactly("somebody's");
  }

  @Test
  void makesADeviceOfAFreshFileSystem() throws IOException {
    disk.createDirectory(ROOT.resolve("lost+found"));

    DeviceIdentity.create(disk, ROOT, "c1", DEVICE);
    assertThat(DeviceIdentity.isPresent(disk, ROOT)).isTrue();
  }
}
