package org.martlet.device;

import org.jspecify.annotations.Nullable;
import org.martlet.UserMistake;
import org.martlet.cluster.Cluster;
import org.martlet.common.http.Endpoint;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.protocol.StoragePolicy;
import org.martlet.objectserver.state.ObjectKey;
import org.martlet.objectserver.store.ObjectFacts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `martlet object-info`: everything that a device has of one object, verified.
@Command(
    name = "object-info",
    mixinStandardHelpOptions = true,
    description = {
      "Show what a device has of an object: record, clocks, headers, where it lies, whether every"
          + " checksum is right, and which devices should have it.",
      "While a server has the device open it is asked, with a signed request; else the device is"
          + " read under its lock, so a server that starts meanwhile does not get it. Nothing is"
          + " changed."
    },
    footer = {
      "",
      "Exit code: 0 the object is there and sound; 1 it is deleted, absent or damaged; 2 nobody"
          + " could answer."
    })
public final class ObjectInfoCommand extends InfoCommand {
  @Parameters(
      index = "1",
      paramLabel = "/ACCOUNT/CONTAINER/OBJECT",
      description = "The object, not percent-encoded, e.g. /AUTH_test/photos/cat.jpg.")
  private String name = "";

  @Option(
      names = "--policy",
      paramLabel = "N",
      defaultValue = "0",
      description = "Index of the container's storage policy; default: ${DEFAULT-VALUE}.")
  private int policyIndex;

  @Override
  Outcome run(DeviceRequest request, @Nullable Endpoint onlyServer) {
    Cluster cluster = request.cluster();
    ObjectPath path = path();
    StoragePolicy policy =
        cluster
            .policies()
            .find(policyIndex)
            .orElseThrow(
                () -> new UserMistake("there is no storage policy of index " + policyIndex));
    ObjectHash hash = cluster.hasher().hash(path);
    ObjectKey key = ObjectKey.whole(policyIndex, hash);
    Answer<ObjectFacts> answer =
        request.ask(
            device -> device.inspect(key),
            new LiveServer.Question<>(
                server -> server.inspect(path, policyIndex), ObjectFacts::device),
            onlyServer);
    ObjectReport report =
        new ObjectReport(
            path.toString(),
            hash.toString(),
            request.directory().toString(),
            request.name(),
            answer.source(),
            answer.facts(),
            Placement.of(cluster, policy, path, hash, request.signature()));
    return new Outcome(report.text(), report, report.complaint());
  }

  private ObjectPath path() {
    String[] names = (name.startsWith("/") ? name : "/" + name).split("/", 4);
    try {
      if (names.length == 4) {
        return ObjectPath.object(names[1], names[2], names[3]);
      }
    } catch (IllegalArgumentException e) {
      throw new UserMistake(name + " is no object: " + e.getMessage(), e);
    }
    throw new UserMistake(name + " is no object: give /ACCOUNT/CONTAINER/OBJECT");
  }
}
