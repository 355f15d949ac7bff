package org.martlet.up;

import java.nio.file.Path;

/// What `up` prints when it serves.
final class Banner {
  private Banner() {}

  /// @param url `http://host:port` as a client on this machine reaches the proxy
  static String of(String url, DataDirectory.Identity identity, Path data, Path log) {
    String auth = url + "/auth/v1.0";
    return """
        Martlet is ready: %1$s  (%2$s, %3$s; data in %4$s)

          account   %1$s/v1/AUTH_test
          user      test:tester
          key       testing
          log       %5$s

        Lines to paste:

          curl -i -H 'X-Auth-User: test:tester' -H 'X-Auth-Key: testing' %6$s
          swift -A %6$s -U test:tester -K testing stat
          rclone --swift-auth %6$s --swift-user test:tester --swift-key testing lsd :swift:

        Ctrl-C drains and stops; the data stays.
        """
        .formatted(
            url,
            count(identity.devices(), "device"),
            count(identity.replicas(), "replica"),
            data,
            log,
            auth);
  }

  private static String count(int n, String what) {
    return n + " " + what + (n == 1 ? "" : "s");
  }
}
