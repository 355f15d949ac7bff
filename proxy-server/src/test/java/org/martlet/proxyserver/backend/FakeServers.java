package org.martlet.proxyserver.backend;

import java.io.ByteArrayOutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.martlet.common.http.Body;
import org.martlet.common.http.Chunk;
import org.martlet.common.http.Endpoint;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpClient;
import org.martlet.common.http.HttpFault;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.martlet.common.http.Timeouts;
import org.martlet.proxyserver.backend.FakeDevice.Trick;

/// A transport whose other end is a set of [FakeDevice]s; each request runs on a thread of its own.
public final class FakeServers implements HttpClient {
  private final Map<String, FakeDevice> devices = new TreeMap<>();
  private final Executor threads = Executors.newVirtualThreadPerTaskExecutor();

  private volatile Map<String, FakeDevice.Kept> listed;

  public FakeDevice add(String name) {
    FakeDevice device = new FakeDevice(name, this);
    devices.put(name, device);
    return device;
  }

  public FakeDevice device(String name) {
    return devices.get(name);
  }

  public List<FakeDevice> all() {
    return List.copyOf(devices.values());
  }

  private Map<String, FakeDevice.Kept> everything() {
    Map<String, FakeDevice.Kept> all = new TreeMap<>();
    devices.values().forEach(device -> all.putAll(device.everything()));
    return all;
  }

  /// From now on listings show what is there now.
  public void freezeListings() {
    listed = everything();
  }

  /// A container's listing: whatever any device keeps, of the names that begin with the prefix.
  Response list(Request request, String container) {
    Map<String, String> query = new TreeMap<>();
    for (String pair : request.rawQuery().split("&")) {
      String[] parts = pair.split("=", 2);
      query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    String start = container + "/" + query.get("prefix");
    Map<String, FakeDevice.Kept> found = new TreeMap<>();
    (listed == null ? everything() : listed)
        .forEach(
            (path, kept) -> {
              if (path.startsWith(start) && kept.body() != null) {
                found.put(path.substring(container.length() + 1), kept);
              }
            });
    String json =
        found.entrySet().stream()
            .filter(entry -> entry.getKey().compareTo(query.get("marker")) > 0)
            .limit(Integer.parseInt(query.get("limit")))
            .map(
                entry ->
                    "{\"name\":\""
                        + entry.getKey()
                        + "\",\"bytes\":"
                        + entry.getValue().body().length
                        + ",\"hash\":\""
                        + entry.getValue().headers().get("ETag")
                        + "\"}")
            .collect(Collectors.joining(",", "[", "]"));
    return new Response(200, new Headers(), Body.of(json.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public Call send(Endpoint to, Request request, Timeouts timeouts) {
    Exchange exchange = new Exchange(target(request), request, false);
    threads.execute(exchange::run);
    return exchange;
  }

  @Override
  public Upload open(Endpoint to, Request request, Timeouts timeouts) {
    Exchange exchange = new Exchange(target(request), request, true);
    threads.execute(exchange::run);
    return exchange;
  }

  private FakeDevice target(Request request) {
    FakeDevice device = devices.get(request.rawPath().split("/", 3)[1]);
    device.received(request);
    return device;
  }

  @Override
  public void close() {}

  private static final class Exchange implements Upload {
    private final FakeDevice device;
    private final Request request;
    private final boolean asks;
    private final Trick trick;
    private final CompletableFuture<Response> response = new CompletableFuture<>();
    private final CompletableFuture<Boolean> consent = new CompletableFuture<>();
    private final CompletableFuture<Void> go = new CompletableFuture<>();

    Exchange(FakeDevice device, Request request, boolean asks) {
      this.device = device;
      this.request = request;
      this.asks = asks;
      this.trick = device.trick();
    }

    void run() {
      try {
        if (trick instanceof Trick.Answer answer) {
          answer(Response.empty(answer.status(), answer.headers()));
        } else if (trick instanceof Trick.Fail failure) {
          fail(new HttpFault(failure.kind(), "a trick"));
        } else if (trick instanceof Trick.Hang) {
          response.get();
        } else {
          serve();
        }
      } catch (HttpFault e) {
        fail(e);
      } catch (InterruptedException | ExecutionException e) {
        fail(new HttpFault(HttpFault.Kind.ABORTED, "given up", e));
      } catch (RuntimeException e) {
        fail(new HttpFault(HttpFault.Kind.PROTOCOL, "the fake failed", e));
      }
    }

    private void serve() throws HttpFault, InterruptedException, ExecutionException {
      if (trick instanceof Trick.Delay delay) {
        delay.until().get();
      }
      if (!request.method().equals("PUT")) {
        answer(device.answer(request, trick));
        return;
      }
      if (asks) {
        Optional<Response> refusal = device.beforeBody(request);
        if (refusal.isPresent()) {
          answer(refusal.get());
          return;
        }
        consent.complete(true);
        go.get();
      }
      byte[] body = readBody();
      if (trick instanceof Trick.AnswerAtEnd late) {
        answer(Response.empty(late.status(), late.headers()));
      } else if (!response.isDone()) {
        answer(device.put(request, body, request.body().trailers()));
      }
    }

    private byte[] readBody() throws HttpFault, InterruptedException, ExecutionException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      Body body = request.body();
      while (true) {
        if (trick instanceof Trick.Stall stall && bytes.size() >= stall.bytes()) {
          stall.until().get();
        }
        Chunk chunk;
        try {
          chunk = body.next().get();
        } catch (ExecutionException e) {
          throw HttpFault.of(e);
        }
        if (chunk.size() == 0) {
          return bytes.toByteArray();
        }
        byte[] piece = new byte[chunk.size()];
        chunk.bytes().get(piece);
        chunk.release();
        bytes.writeBytes(piece);
      }
    }

    private void answer(Response with) {
      consent.complete(false);
      response.complete(with);
    }

    private void fail(HttpFault fault) {
      consent.completeExceptionally(fault);
      response.completeExceptionally(fault);
    }

    @Override
    public CompletableFuture<Boolean> consent() {
      return consent;
    }

    @Override
    public Headers continueHeaders() {
      return new Headers();
    }

    @Override
    public void proceed() {
      go.complete(null);
    }

    @Override
    public CompletableFuture<Response> response() {
      return response;
    }

    @Override
    public void abort() {
      HttpFault fault = new HttpFault(HttpFault.Kind.ABORTED, "given up");
      fail(fault);
      go.completeExceptionally(fault);
    }
  }
}
