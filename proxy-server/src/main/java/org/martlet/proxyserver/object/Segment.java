package org.martlet.proxyserver.object;

/// One piece of a dynamic large object, as the container lists it.
///
/// @param name of the object
/// @param bytes its size
/// @param hash its ETag
record Segment(String name, long bytes, String hash) {}
