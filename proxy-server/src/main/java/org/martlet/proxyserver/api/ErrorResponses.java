package org.martlet.proxyserver.api;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Response;

/// The small bodies of answers that are not a success, in Swift's words.
public final class ErrorResponses {
  private static final String HTML = "text/html; charset=UTF-8";

  private ErrorResponses() {}

  /// Title and text of a status as a small HTML page; nothing for a status that has no body.
  public static Response of(int status) {
    return of(status, null, new Headers());
  }

  /// A text of our own, as plain text.
  public static Response of(int status, String text) {
    return of(status, text, new Headers());
  }

  public static Response of(ApiException problem) {
    return of(problem.status(), problem.text(), problem.headers());
  }

  private static Response of(int status, @Nullable String text, Headers headers) {
    if (status == 204 || status == 304) {
      return Response.empty(status, headers);
    }
    if (text != null) {
      return withBody(status, headers, "text/plain; charset=UTF-8", text);
    }
    String page = "<html><h1>" + title(status) + "</h1><p>" + explanation(status) + "</p></html>";
    return withBody(status, headers, HTML, page);
  }

  private static Response withBody(int status, Headers headers, String type, String body) {
    return new Response(
        status,
        headers.copy().set("Content-Type", type),
        Body.of(body.getBytes(StandardCharsets.UTF_8)));
  }

  private static String title(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 201 -> "Created";
      case 202 -> "Accepted";
      case 301 -> "Moved Permanently";
      case 307 -> "Temporary Redirect";
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 406 -> "Not Acceptable";
      case 408 -> "Request Timeout";
      case 409 -> "Conflict";
      case 410 -> "Gone";
      case 411 -> "Length Required";
      case 412 -> "Precondition Failed";
      case 413 -> "Request Entity Too Large";
      case 416 -> "Requested Range Not Satisfiable";
      case 417 -> "Expectation Failed";
      case 422 -> "Unprocessable Entity";
      case 499 -> "Client Disconnect";
      case 500 -> "Internal Error";
      case 501 -> "Not Implemented";
      case 503 -> "Service Unavailable";
      case 507 -> "Insufficient Storage";
      default -> "Status " + status;
    };
  }

  private static String explanation(int status) {
    return switch (status) {
      case 202 -> "The request is accepted for processing.";
      case 301, 307 -> "The resource has moved.";
      case 400 ->
          "The server could not comply with the request since it is either malformed or otherwise"
              + " incorrect.";
      case 401 ->
          "This server could not verify that you are authorized to access the document you"
              + " requested.";
      case 403 -> "Access was denied to this resource.";
      case 404 -> "The resource could not be found.";
      case 405 -> "The method is not allowed for this resource.";
      case 406 -> "The resource is not available in a format acceptable to your browser.";
      case 408 -> "The server has waited too long for the request to be sent by the client.";
      case 409 -> "There was a conflict when trying to complete your request.";
      case 410 -> "This resource is no longer available.";
      case 411 -> "Content-Length header required.";
      case 412 -> "A precondition for this request was not met.";
      case 413 -> "The body of your request was too large for this server.";
      case 416 -> "The Range requested is not available.";
      case 422 -> "Unable to process the contained instructions";
      case 499 -> "The client was disconnected during request.";
      case 500 ->
          "The server has either erred or is incapable of performing the requested operation.";
      case 501 -> "The requested method is not implemented by this server.";
      case 503 -> "The server is currently unavailable. Please try again at a later time.";
      case 507 -> "There was not enough space to save the resource.";
      default -> "";
    };
  }
}
