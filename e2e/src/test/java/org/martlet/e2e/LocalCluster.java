package org.martlet.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// `./martlet up` on a directory of the test's, on whatever port was free.
final class LocalCluster implements AutoCloseable {
  private static final Pattern READY = Pattern.compile("ready: (http://127\\.0\\.0\\.1:\\d+)");
  private static final Pattern LAST_LINE = Pattern.compile("Ctrl-C");

  private final Path data;
  private MartletProcess process;
  private String url;

  private LocalCluster(Path data, MartletProcess process) {
    this.data = data;
    this.process = process;
    this.url = ready(process);
  }

  static LocalCluster up(Path data, String... options) {
    return new LocalCluster(data, launch(data, options));
  }

  private static MartletProcess launch(Path data, String... options) {
    List<String> arguments =
        new ArrayList<>(List.of("up", "--data", data.toString(), "--port", "0"));
    arguments.addAll(List.of(options));
    return MartletProcess.start(arguments.toArray(String[]::new));
  }

  private static String ready(MartletProcess process) {
    process.await(LAST_LINE);
    return process.await(READY).group(1);
  }

  /// `http://127.0.0.1:port`.
  String url() {
    return url;
  }

  Path data() {
    return data;
  }

  MartletProcess process() {
    return process;
  }

  SwiftClient client() {
    return SwiftClient.login(url, "test:tester", "testing");
  }

  /// SIGKILL.
  void kill() {
    process.kill();
  }

  int stop() {
    return process.stop();
  }

  /// Starts again on the same data, after [#kill] or [#stop].
  void start(String... options) {
    process = launch(data, options);
    url = ready(process);
  }

  @Override
  public void close() {
    process.close();
  }
}
