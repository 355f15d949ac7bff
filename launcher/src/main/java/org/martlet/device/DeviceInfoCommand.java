package org.martlet.device;

import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Endpoint;
import org.martlet.objectserver.store.DeviceFacts;
import org.martlet.objectserver.store.OfflineDevice;
import picocli.CommandLine.Command;

/// `martlet device-info`: what a device is and holds.
@Command(
    name = "device-info",
    mixinStandardHelpOptions = true,
    description = {
      "Show what a device is and holds: space, volumes with live and dead bytes, blobs, objects,"
          + " due listing updates, quarantine, audit, compaction.",
      "While a server has the device open it is asked, with a signed request; else the device is"
          + " read under its lock, so a server that starts meanwhile does not get it. Nothing is"
          + " changed."
    },
    footer = {
      "",
      "Exit code: 0 all is well; 1 something is damaged or needs looking after; 2 nobody could"
          + " answer."
    })
public final class DeviceInfoCommand extends InfoCommand {
  @Override
  Outcome run(DeviceRequest request, @Nullable Endpoint onlyServer) {
    Answer<DeviceFacts> answer =
        request.ask(
            OfflineDevice::describe,
            new LiveServer.Question<>(LiveServer::describe, DeviceFacts::device),
            onlyServer);
    DeviceReport report =
        new DeviceReport(
            request.directory().toString(), request.name(), answer.source(), answer.facts());
    return new Outcome(report.text(InstantSource.system().instant()), report, report.complaint());
  }
}
