package org.martlet.common.protocol;

import org.martlet.common.model.Timestamp;

/// What a container's listing knows of one object: three clocks and what each governs.
///
/// The row is a join: a newer data clock decides size, etag and whether the object lives, a newer
/// content-type clock the type. At equal data clocks a deletion wins, then the larger etag, then
/// the larger size, as for objects.
///
/// @param name the object's name
/// @param data the clock of the last PUT or DELETE
/// @param contentTypeClock when the content type was last set; equal to `data` after a PUT
/// @param metadata when the metadata was last set; shown as the last modification
/// @param deleted whether `data` is a deletion's clock
/// @param size bytes, 0 if deleted
/// @param etag MD5 in hexadecimal, or what the object's override says; empty if deleted
/// @param contentType empty if deleted
/// @param policy the storage policy's index
public record ListingRow(
    String name,
    Timestamp data,
    Timestamp contentTypeClock,
    Timestamp metadata,
    boolean deleted,
    long size,
    String etag,
    String contentType,
    int policy) {}
