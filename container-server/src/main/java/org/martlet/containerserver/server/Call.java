package org.martlet.containerserver.server;

import org.martlet.common.http.Request;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.protocol.BackendPath;

/// A request whose path is understood and whose device is ours.
record Call(Request request, BackendPath target, ListingDevice device) {
  String method() {
    return request.method();
  }

  boolean isHead() {
    return request.method().equals("HEAD");
  }

  ObjectPath path() {
    return target.path();
  }

  RequestFields fields() {
    return new RequestFields(request.headers());
  }

  Query query() {
    return Query.parse(request.rawQuery());
  }

  /// In which form a listing is wanted, or would be.
  ListingFormat format() {
    return ListingFormat.choose(query().get("format"), request.headers().get("Accept"));
  }
}
