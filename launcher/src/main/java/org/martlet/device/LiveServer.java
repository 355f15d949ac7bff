package org.martlet.device;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.martlet.UserMistake;
import org.martlet.cluster.Cluster;
import org.martlet.common.device.DeviceIdentity;
import org.martlet.common.http.BlockingBody;
import org.martlet.common.http.BlockingHandlers;
import org.martlet.common.http.Endpoint;
import org.martlet.common.http.EventLoops;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpClient;
import org.martlet.common.http.HttpClientConfig;
import org.martlet.common.http.HttpFault;
import org.martlet.common.http.NettyHttpClient;
import org.martlet.common.http.QueryString;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.martlet.common.http.Timeouts;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.protocol.BackendSignature;
import org.martlet.common.ring.RingDevice;
import org.martlet.objectserver.store.DeviceFacts;
import org.martlet.objectserver.store.ObjectFacts;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The object server that has a device open, found by the rings: one that listens where they say
/// that a device of this name is, and that answers with this device's identity.
final class LiveServer {
  private static final int MAX_ANSWER = 64 << 20;
  private static final Timeouts ORDINARY = timeouts(Duration.ofSeconds(60));

  /// Reading a body of 5 GiB from a busy disk takes its time.
  private static final Timeouts PATIENT = timeouts(Duration.ofMinutes(30));

  private final Endpoint endpoint;
  private final String device;
  private final BackendSignature signature;
  private final HttpClient client;
  private final JsonMapper json = JsonMapper.builder().build();

  private LiveServer(
      Endpoint endpoint, String device, BackendSignature signature, HttpClient client) {
    this.endpoint = endpoint;
    this.device = device;
    this.signature = signature;
    this.client = client;
  }

  private static Timeouts timeouts(Duration answer) {
    return new Timeouts(Duration.ofSeconds(5), answer, Duration.ofSeconds(60));
  }

  /// A question, and whose the answer is.
  record Question<T>(Function<LiveServer, T> ask, Function<T, String> device) {}

  /// @param name that rings know the device by
  /// @throws UserMistake if there is none that answers for the device, saying what each one said
  static <T> Answer<T> ask(
      Cluster cluster,
      DeviceIdentity identity,
      String name,
      @Nullable Endpoint only,
      Question<T> question) {
    List<Endpoint> candidates = only == null ? candidates(cluster, name) : List.of(only);
    if (candidates.isEmpty()) {
      throw new UserMistake(
          "a server has "
              + name
              + " open, but no object ring has a device of that name: say where it listens with"
              + " --server HOST:PORT");
    }
    BackendSignature signature = cluster.signature(InstantSource.system());
    StringBuilder told =
        new StringBuilder("a server has " + name + " open, but none answers for it:");
    try (EventLoops loops = EventLoops.start();
        HttpClient client = new NettyHttpClient(loops, HttpClientConfig.DEFAULT)) {
      for (Endpoint candidate : candidates) {
        told.append("\n  ").append(candidate).append(": ");
        try {
          T facts = question.ask().apply(new LiveServer(candidate, name, signature, client));
          if (question.device().apply(facts).equals(identity.device().toString())) {
            return new Answer<>("its server at " + candidate, facts);
          }
          told.append("it serves another device of this name");
        } catch (UserMistake e) {
          told.append(e.getMessage());
        }
      }
    }
    throw new UserMistake(told.toString());
  }

  /// Where the rings say that a device of this name is; on this machine first.
  private static List<Endpoint> candidates(Cluster cluster, String name) {
    List<RingDevice> devices = new ArrayList<>();
    cluster.policies().all().stream()
        .flatMap(policy -> cluster.objectRing(policy).current().devices().stream())
        .filter(device -> device.device().equals(name))
        .forEach(devices::add);
    List<RingDevice> local = devices.stream().filter(device -> isLocal(device.ip())).toList();
    return (local.isEmpty() ? devices : local)
        .stream()
            .map(device -> new Endpoint(device.ip(), device.port()))
            .distinct()
            .sorted(Comparator.comparing(Endpoint::toString))
            .toList();
  }

  private static boolean isLocal(String host) {
    try {
      InetAddress address = InetAddress.getByName(host);
      return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (UnknownHostException | SocketException e) {
      // Certainly not this machine.
      return false;
    }
  }

  /// What the device is and holds.
  DeviceFacts describe() {
    return get("/" + device + "/inspection", ORDINARY, DeviceFacts.class);
  }

  /// What the device has of an object.
  ObjectFacts inspect(ObjectPath path, int policy) {
    QueryString query =
        QueryString.empty().add("path", path.toString()).add("policy", Integer.toString(policy));
    return get("/" + device + "/inspection?" + query, PATIENT, ObjectFacts.class);
  }

  private <T> T get(String target, Timeouts timeouts, Class<T> type) {
    Headers headers = new Headers();
    signature.sign("GET", target, 0, headers);
    try {
      Response response =
          BlockingHandlers.await(
              client
                  .send(endpoint, Request.withoutBody("GET", target, headers), timeouts)
                  .response());
      try (BlockingBody body = new BlockingBody(response.body())) {
        byte[] answer = body.readAll(MAX_ANSWER);
        if (response.status() != 200) {
          throw new UserMistake(refused(response.status(), answer));
        }
        return json.readValue(answer, type);
      }
    } catch (HttpFault e) {
      throw new UserMistake("it does not answer: " + e.getMessage(), e);
    } catch (JacksonException e) {
      throw new UserMistake("its answer is not understood: is it of another version?", e);
    }
  }

  private static String refused(int status, byte[] answer) {
    String said = new String(answer, StandardCharsets.UTF_8).strip();
    return switch (status) {
      case 401 -> "it refuses the request: " + said;
      case 400, 404, 405 -> "it does not know the question: is it of another version? " + said;
      default -> "it answers " + status + ": " + said;
    };
  }
}
