package org.martlet.ringbuilder.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.martlet.ringbuilder.builder.RingBuilder;
import org.martlet.ringbuilder.builder.RingBuilderException;
import org.martlet.ringbuilder.file.BuilderFile;
import org.martlet.ringbuilder.file.SwiftBuilderFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "import",
    header = "Take over a builder of OpenStack Swift.",
    synopsisHeading = "%nUsage: ",
    customSynopsis = "martlet ring-builder <builder> import <swift-builder>",
    descriptionHeading = "%n",
    parameterListHeading = "%n",
    description = {
      "Make a builder of one of OpenStack Swift, with all that it remembers: devices, assignment,"
          + " moves, overload.",
      "The file of Swift stays as it is; only plain values in it are read. From a ring alone,"
          + " write_builder starts a builder."
    })
final class ImportCommand extends BuilderAction {
  @Parameters(
      index = "0",
      paramLabel = "<swift-builder>",
      description = "The builder file of swift-ring-builder.")
  private Path swiftBuilder = Path.of("");

  @Override
  int run(BuilderFile file) throws CliException, RingBuilderException, IOException {
    if (file.exists()) {
      throw new CliException(
          "refusing to overwrite %s: name a builder file that does not exist yet"
              .formatted(file.builderPath()));
    }
    RingBuilder builder = SwiftBuilderFile.read(swiftBuilder);
    file.save(builder);
    file.backUp(clock());
    print(
        "%s imported from %s: %d partitions, %.6f replicas, %d devices, build version %d",
        file.builderPath(),
        swiftBuilder,
        builder.partitionCount(),
        builder.replicas(),
        builder.devices().size(),
        builder.version());
    report().json().put("version", builder.version());
    report().json().set("devices", DeviceTable.json(builder, builder.devices()));
    report()
        .next(
            "martlet ring-builder %s %s",
            file.builderPath(), builder.everRebalanced() ? "write_ring" : "rebalance");
    return ExitCode.SUCCESS;
  }
}
