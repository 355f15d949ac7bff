package org.martlet.proxyserver.object;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.martlet.common.http.BlockingHandlers;
import org.martlet.common.http.Bodies;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpFault;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.martlet.common.model.ByteSize;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.runtime.TimestampSource;
import org.martlet.proxyserver.api.AccountInfo;
import org.martlet.proxyserver.api.ApiException;
import org.martlet.proxyserver.api.Authorizer;
import org.martlet.proxyserver.api.Constraints;
import org.martlet.proxyserver.api.ContainerInfo;
import org.martlet.proxyserver.api.ErrorResponses;
import org.martlet.proxyserver.api.InfoCache;
import org.martlet.proxyserver.api.RequestContext;
import org.martlet.proxyserver.backend.FakeCluster;
import org.martlet.proxyserver.backend.FakeDevice;

/// An [ObjectController] over a [FakeCluster], with containers `c` and `d` in account `a`.
final class ObjectFixture {
  static final String PATH = "/a/c/o";

  final FakeCluster fake;
  final ObjectController controller;

  ObjectFixture() {
    this(new FakeCluster());
  }

  ObjectFixture(FakeCluster fake) {
    this(fake, 10_000);
  }

  /// @param listingLimit how many entries a listing has at most
  ObjectFixture(FakeCluster fake, int listingLimit) {
    this.fake = fake;
    Constraints usual = Constraints.defaults();
    Constraints constraints =
        new Constraints(
            usual.names(),
            usual.metadata(),
            usual.maxFileSize(),
            usual.maxHeaderSize(),
            usual.extraHeaderCount(),
            usual.accountListingLimit(),
            listingLimit);
    ObjectConfig config =
        new ObjectConfig(
            ByteSize.ofKiB(64),
            ByteSize.ofKiB(256),
            Duration.ofMillis(200),
            4,
            Duration.ofMillis(50),
            Duration.ofMillis(60));
    controller =
        new ObjectController(
            fake.cluster, new Containers(), constraints, new TimestampSource(fake.clock()), config);
  }

  List<FakeDevice> primaries() {
    return fake.primaries("a", "c", "o");
  }

  List<FakeDevice> handoffs() {
    return fake.handoffs("a", "c", "o");
  }

  /// How many devices keep exactly this.
  long copies(byte[] body) {
    return fake.servers.all().stream()
        .flatMap(device -> device.kept(PATH).stream())
        .filter(kept -> kept.body() != null && Arrays.equals(kept.body(), body))
        .count();
  }

  Response put(byte[] body, String... headers) throws Exception {
    return call("PUT", "c/o", Body.of(body), headers);
  }

  Response call(String method, String... headers) throws Exception {
    return call(method, "c/o", Body.empty(), headers);
  }

  /// Handles a request as the pipeline does: what ends it early becomes its answer.
  Response call(String method, String path, Body body, String... headers) throws Exception {
    Headers all = Headers.of(headers);
    if (body.length() >= 0) {
      all.setIfAbsent("Content-Length", Long.toString(body.length()));
    } else {
      all.setIfAbsent("Transfer-Encoding", "chunked");
    }
    return handle(context(new Request(method, "/v1/a/" + path, all, body), path));
  }

  Response handle(RequestContext context) throws Exception {
    try {
      return controller.handle(context);
    } catch (ApiException e) {
      return ErrorResponses.of(e);
    }
  }

  RequestContext context(Request request, String path) {
    RequestContext context =
        new RequestContext(
            request,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 1234),
            "tx1",
            fake.clock().instant());
    context.authenticated(null, (client, method, target, acl) -> Authorizer.Decision.OWNER);
    String[] parts = path.split("/", 2);
    context.route(ObjectPath.object("a", parts[0], parts[1].replaceFirst("[?].*", "")));
    return context;
  }

  static byte[] bytes(Response response) throws HttpFault {
    return BlockingHandlers.await(Bodies.readAll(response.body(), 100 << 20));
  }

  static String text(Response response) throws HttpFault {
    return new String(bytes(response), StandardCharsets.UTF_8);
  }

  static byte[] pattern(int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (i * 31 + (i >> 8));
    }
    return bytes;
  }

  private static final class Containers implements InfoCache {
    @Override
    public AccountInfo accountInfo(String account) {
      return AccountInfo.absent(AccountInfo.State.PRESENT);
    }

    @Override
    public ContainerInfo containerInfo(String account, String container) {
      return container.equals("c") || container.equals("d")
          ? new ContainerInfo(true, 0, 0, 0, Collections.emptySortedMap())
          : ContainerInfo.missing();
    }

    @Override
    public void forgetAccount(String account) {}

    @Override
    public void forgetContainer(String account, String container) {}
  }
}
