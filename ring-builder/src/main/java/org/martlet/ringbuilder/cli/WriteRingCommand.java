package org.martlet.ringbuilder.cli;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.martlet.ringbuilder.builder.RingBuilder;
import org.martlet.ringbuilder.builder.RingBuilderException;
import org.martlet.ringbuilder.file.BuilderFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "write_ring",
    header = "Write the ring file again.",
    synopsisHeading = "%nUsage: ",
    customSynopsis =
        "martlet ring-builder <builder> write_ring [--format-version=1|2] [--dev-id-bytes=2|4]",
    descriptionHeading = "%n",
    parameterListHeading = "%n",
    description =
        "Write the ring file again, e.g. after set_info. A rebalance does this by itself.")
final class WriteRingCommand extends BuilderAction {
  @Option(
      names = "--format-version",
      paramLabel = "<n>",
      description = "1 or 2; by default that of the ring file, 1 for a new one.")
  private @Nullable Integer formatVersion;

  @Option(
      names = "--dev-id-bytes",
      paramLabel = "<n>",
      description = "Bytes of a device id: 2, or in format 2 also 4.")
  private @Nullable Integer deviceIdBytes;

  @Override
  int run(BuilderFile file) throws CliException, RingBuilderException, IOException {
    RingBuilder builder = file.load();
    file.writeRing(builder, formatVersion, deviceIdBytes);
    file.backUp(clock());
    print("%s written", file.ringPath());
    report().json().put("ring", file.ringPath().toString()).put("version", builder.version());
    nextIsPush(file);
    return ExitCode.SUCCESS;
  }
}
