package org.martlet.ringbuilder.cli;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The seed of a rebalance, as Swift's commands take it: an option or the first argument.
final class SeedOption {
  @Option(
      names = {"-s", "--seed"},
      paramLabel = "<seed>",
      description = "The same builder, time and seed give the same ring.")
  private @Nullable String option;

  @Parameters(index = "0", arity = "0..1", paramLabel = "<seed>", description = "As --seed.")
  private @Nullable String argument;

  /// Numbers mean themselves, other words the head of their MD5; none means any.
  long seed() throws CliException {
    if (option != null && argument != null) {
      throw new CliException("the seed is given twice");
    }
    String text = option != null ? option : argument;
    if (text == null) {
      // Positive and short enough to be read, compared and typed.
      return new SecureRandom().nextInt(Integer.MAX_VALUE);
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException notANumber) {
      return ByteBuffer.wrap(md5(text)).getLong();
    }
  }

  private static byte[] md5(String text) {
    try {
      return MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }
}
