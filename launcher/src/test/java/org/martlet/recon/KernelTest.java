package org.martlet.recon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KernelTest {
  @TempDir private Path proc = Path.of("");

  private Kernel kernel = new Kernel(Path.of(""));

  @BeforeEach
  void start() {
    kernel = new Kernel(proc);
  }

  private void write(String name, String content) throws IOException {
    Path file = proc.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  @Test
  void tellsTheLoadInSwiftsFields() throws IOException {
    write("loadavg", "0.29 0.55 1.63 3/1018 41123\n");
    assertThat(kernel.load())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("1m", 0.29, "5m", 0.55, "15m", 1.63, "tasks", "3/1018", "processes", 41123L));
  }

  @Test
  void refusesALoadThatIsNotUnderstood() throws IOException {
    write("loadavg", "a b c d e\n");
    assertThatThrownBy(kernel::load).isInstanceOf(IOException.class);
    write("loadavg", "");
    assertThatThrownBy(kernel::load).isInstanceOf(IOException.class);
  }

  @Test
  void tellsTheMemoryLineByLine() throws IOException {
    write("meminfo", "MemTotal:       16318280 kB\nno colon\nHugePages_Total:       0\n");
    assertThat(kernel.memory())
        .containsEntry("MemTotal", "16318280 kB")
        .containsEntry("HugePages_Total", "0")
        .hasSize(2);
  }

  @Test
  void countsSocketsAndTheirMemoryInBytes() throws IOException {
    write(
        "net/sockstat",
        "sockets: used 270\nTCP: inuse 9 orphan 1 tw 4 alloc 12 mem 3\nUDP: inuse 1\n");
    write("net/sockstat6", "TCP6: inuse 7\n");
    ByteBuffer vector = ByteBuffer.allocate(32).order(ByteOrder.nativeOrder());
    vector.putLong(6).putLong(16384).putLong(0).putLong(0);
    Files.createDirectories(proc.resolve("self"));
    Files.write(proc.resolve("self/auxv"), vector.array());
    assertThat(kernel.sockets())
        .containsEntry("tcp_in_use", 9L)
        .containsEntry("orphan", 1L)
        .containsEntry("time_wait", 4L)
        .containsEntry("tcp_mem_allocated_bytes", 3L * 16384)
        .containsEntry("tcp6_in_use", 7L);
  }

  @Test
  void leavesOutSocketsOfAProtocolThatIsNotThere() throws IOException {
    write("net/sockstat", "TCP: inuse 9 orphan 1 tw 4 alloc 12 mem odd\n");
    assertThat(kernel.sockets()).containsOnlyKeys("tcp_in_use", "orphan", "time_wait");
  }

  @Test
  void listsAtMostAThousandMounts() throws IOException {
    StringBuilder mounts = new StringBuilder("odd\n");
    for (int i = 0; i < 1_100; i++) {
      mounts.append("/dev/sd").append(i).append(" /srv/d\\040").append(i).append(" xfs rw 0 0\n");
    }
    write("mounts", mounts.toString());
    assertThat(kernel.mounts()).hasSize(1_000);
    assertThat(kernel.mounts().getFirst())
        .containsEntry("device", "/dev/sd0")
        .containsEntry("path", "/srv/d\\0400");
  }

  @Test
  void readsNoMoreThanItsBoundOfAFile() throws IOException {
    write("meminfo", "MemTotal: 1 kB\n" + "x".repeat(600_000) + "\nLast: 2 kB\n");
    assertThat(kernel.memory()).containsOnlyKeys("MemTotal");
  }
}
