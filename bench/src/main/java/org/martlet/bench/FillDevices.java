package org.martlet.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.martlet.common.disk.RealDisk;
import org.martlet.common.kv.KeyValueConfig;
import org.martlet.common.kv.KeyValueEngine;
import org.martlet.common.model.PathHasher;
import org.martlet.objectserver.store.DeviceStore;
import org.martlet.objectserver.store.DeviceStoreConfig;
import org.martlet.objectserver.store.LogDeviceStore;
import org.martlet.objectserver.store.MutationOutcome;
import org.martlet.objectserver.store.StoreEnvironment;
import tools.jackson.databind.json.JsonMapper;

/// Puts the same small objects on several devices, as replication would have left them: what the
/// cost of an idle pass is measured on. No server may have the devices open.
///
/// `FillDevices --objects N --suffix HASH_SUFFIX --secret SECRET DIRECTORY...`, the directories
/// made by `martlet init-device`, suffix and secret as in the cluster's `cluster.toml`. Of policy
/// 0.
public final class FillDevices {
  private static final int BODY_BYTES = 128;
  private static final int IN_FLIGHT = 256;

  private FillDevices() {}

  /// @param args as above
  public static void main(String[] args) throws IOException {
    int objects = 10_000_000;
    String suffix = "";
    String secret = "";
    List<Path> devices = new ArrayList<>();
    for (int n = 0; n < args.length; n++) {
      switch (args[n]) {
        case "--objects" -> objects = Integer.parseInt(args[++n]);
        case "--suffix" -> suffix = args[++n];
        case "--secret" -> secret = args[++n];
        default -> devices.add(Path.of(args[n]));
      }
    }
    SmallObjects content = new SmallObjects(BODY_BYTES, new PathHasher("", suffix));
    for (Path device : devices) {
      Stopwatch watch = new Stopwatch();
      fill(device, secret, content, objects);
      DeviceLoad.print("%s: %,d objects in %.0f s", device, objects, watch.seconds());
    }
  }

  private static void fill(Path device, String secret, SmallObjects content, int objects)
      throws IOException {
    String cluster =
        JsonMapper.shared()
            .readTree(Files.readString(device.resolve("device.json")))
            .required("cluster")
            .asString();
    try (KeyValueEngine databases = new KeyValueEngine(KeyValueConfig.DEFAULT);
        DeviceStore store =
            LogDeviceStore.open(
                DeviceStoreConfig.of(device),
                new StoreEnvironment(
                    new RealDisk(),
                    databases,
                    InstantSource.system(),
                    new SecureRandom(),
                    cluster,
                    secret))) {
      ArrayDeque<CompletableFuture<MutationOutcome>> waiting = new ArrayDeque<>();
      for (long n = 0; n < objects; n++) {
        waiting.add(store.submit(content.put(n)));
        if (waiting.size() == IN_FLIGHT) {
          Puts.await(waiting.remove());
        }
      }
      waiting.forEach(Puts::await);
    }
  }
}
