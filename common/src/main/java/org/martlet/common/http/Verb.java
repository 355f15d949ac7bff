package org.martlet.common.http;

/// The methods that requests are counted by; whatever else clients make up is one.
enum Verb {
  GET,
  HEAD,
  PUT,
  POST,
  DELETE,
  COPY,
  OPTIONS,
  OTHER;

  static Verb of(String method) {
    return switch (method) {
      case "GET" -> GET;
      case "HEAD" -> HEAD;
      case "PUT" -> PUT;
      case "POST" -> POST;
      case "DELETE" -> DELETE;
      case "COPY" -> COPY;
      case "OPTIONS" -> OPTIONS;
      default -> OTHER;
    };
  }
}
