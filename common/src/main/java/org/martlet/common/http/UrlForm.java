package org.martlet.common.http;

import java.util.Locale;

/// How URLs of a server are made up, so that requests can be counted by what they are for.
public enum UrlForm {
  /// `/v1/<account>[/<container>[/<object>]]`; all else is not of the API.
  PUBLIC {
    @Override
    Resource resource(String target) {
      return target.startsWith("/v1/") || target.startsWith("/v1.0/")
          ? named(segments(target) - 1)
          : Resource.OTHER;
    }
  },

  /// `/<device>/<partition>/<account>[/<container>[/<object>]]`, `/<device>` for a batch,
  /// `/<device>/replication/…`; pages of operators are not of the API.
  STORAGE {
    @Override
    Resource resource(String target) {
      int device = target.indexOf('/', 1);
      if (device < 0) {
        return isPage(target) ? Resource.OTHER : Resource.BATCH;
      }
      if (target.startsWith("/replication/", device)) {
        return Resource.REPLICATION;
      }
      return target.startsWith("/recon/") || target.startsWith("/rings/")
          ? Resource.OTHER
          : named(segments(target) - 2);
    }

    private boolean isPage(String target) {
      return target.equals("/healthcheck")
          || target.equals("/ready")
          || target.equals("/rings")
          || target.equals("/metrics");
    }
  };

  private static final int MOST = 5;

  /// What a request is for.
  enum Resource {
    ACCOUNT,
    CONTAINER,
    OBJECT,
    /// Many rows at once.
    BATCH,
    REPLICATION,
    OTHER;

    String tag() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// @param target path and query as on the wire
  abstract Resource resource(String target);

  private static Resource named(int names) {
    return switch (names) {
      case 1 -> Resource.ACCOUNT;
      case 2 -> Resource.CONTAINER;
      case 3, 4 -> Resource.OBJECT;
      default -> Resource.OTHER;
    };
  }

  /// How many segments the path has, counted to the fifth: what follows is part of an object's
  /// name.
  private static int segments(String target) {
    int segments = 0;
    int start = 1;
    int end = target.indexOf('?') < 0 ? target.length() : target.indexOf('?');
    while (start < end && segments < MOST) {
      int slash = target.indexOf('/', start);
      segments++;
      if (slash < 0 || slash >= end) {
        break;
      }
      start = slash + 1;
    }
    return segments;
  }
}
