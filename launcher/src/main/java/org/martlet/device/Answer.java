package org.martlet.device;

/// What was learned of a device, and from whom.
///
/// @param source in words: the server that was asked, or that the device was read here
/// @param facts of the device or of an object
record Answer<T>(String source, T facts) {}
