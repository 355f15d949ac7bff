package org.martlet.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import org.martlet.common.model.DeviceId;
import org.martlet.common.ring.RingDevice;
import org.martlet.ringbuilder.builder.BuilderFormat;
import org.martlet.ringbuilder.builder.RebalanceResult;
import org.martlet.ringbuilder.builder.RingBuilder;
import org.martlet.ringbuilder.builder.RingBuilderException;

/// Builds or changes one ring in a fresh process and prints what it took, one JSON object a run;
/// `swift_rings.py` does the same to the same devices with OpenStack Swift's builder.
///
/// `RingLoad DIRECTORY POWER DEVICES even|uneven CHANGE`, where the change is `first`,
/// `add-device`, `add-server` (of 12), `remove`, `drain` or `weight`. `first` keeps its result
/// in the directory for the others, which are each applied to it.
public final class RingLoad {
  private static final int[] UNEVEN_ZONES = {1, 1, 1, 2, 2, 3, 3, 4};
  private static final int SEED = 1;

  private RingLoad() {}

  /// @param args as above
  public static void main(String[] args) throws IOException, RingBuilderException {
    if (args.length != 5) {
      throw new IllegalArgumentException("DIRECTORY POWER DEVICES even|uneven CHANGE");
    }
    int power = Integer.parseInt(args[1]);
    int devices = Integer.parseInt(args[2]);
    boolean even = args[3].equals("even");
    Path saved = Path.of(args[0], "%d-%d-%s.builder".formatted(power, devices, args[3]));
    RingBuilder builder = args[4].equals("first") ? RingBuilder.create(power, 3, 1) : read(saved);
    change(builder, args[4], devices, even);
    builder.pretendMinPartHoursPassed();
    long cpu = cpuNanos();
    long start = System.nanoTime();
    RebalanceResult result = builder.rebalance(SEED, InstantSource.system());
    double seconds = (System.nanoTime() - start) / 1e9;
    print(args, seconds, (cpuNanos() - cpu) / 1e9, result);
    if (args[4].equals("first")) {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(saved))) {
        BuilderFormat.write(builder, out);
      }
    }
  }

  private static RingBuilder read(Path saved) throws IOException, RingBuilderException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(saved))) {
      return BuilderFormat.read(in);
    }
  }

  private static void change(RingBuilder builder, String change, int devices, boolean even)
      throws RingBuilderException {
    switch (change) {
      case "first" -> {
        for (int number = 0; number < devices; number++) {
          builder.add(device(number, number / 10, even));
        }
      }
      case "add-device" -> builder.add(device(devices, 0, even));
      case "add-server" -> {
        for (int number = devices; number < devices + 12; number++) {
          builder.add(device(number, (devices + 9) / 10, even));
        }
      }
      case "remove" -> builder.remove(new DeviceId(7));
      case "drain" -> builder.setWeight(new DeviceId(11), 0);
      case "weight" ->
          builder.setWeight(new DeviceId(13), builder.devices().get(13).weight() * 1.5);
      default -> throw new IllegalArgumentException("no such change: " + change);
    }
  }

  private static RingDevice device(int number, int server, boolean even) {
    int zone = even ? 1 + server % 5 : UNEVEN_ZONES[server % UNEVEN_ZONES.length];
    int region = even || zone < 3 ? 1 : 2;
    double weight = even ? 100 : 100 * (1 + number % 3);
    String ip = "10.0.%d.%d".formatted(server / 250, 1 + server % 250);
    return RingDevice.of(new DeviceId(0), region, zone, ip, 6200, "d" + number, weight);
  }

  /// Of all threads, those of the compiler and the garbage collector too.
  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  private static void print(
      String[] args, double seconds, double cpuSeconds, RebalanceResult result) throws IOException {
    System.out.printf(
        Locale.ROOT,
        "{\"builder\": \"martlet\", \"power\": %s, \"devices\": %s, \"shape\": \"%s\","
            + " \"change\": \"%s\", \"wall_s\": %.3f, \"cpu_s\": %.3f, \"peak_mib\": %d,"
            + " \"balance\": %.3f, \"dispersion\": %.3f, \"moved\": %d,"
            + " \"fewest\": %d, \"left\": %d}%n",
        args[1],
        args[2],
        args[3],
        args[4],
        seconds,
        cpuSeconds,
        peakMib(),
        result.balance(),
        result.dispersion(),
        result.changed(),
        result.fewest(),
        result.left());
  }

  private static long peakMib() throws IOException {
    String line =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(text -> text.startsWith("VmHWM:"))
            .findFirst()
            .orElseThrow();
    return Long.parseLong(line.replaceAll("\\D+", "")) / 1024;
  }
}
