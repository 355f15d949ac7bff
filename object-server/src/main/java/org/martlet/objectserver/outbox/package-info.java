/// Tells containers about changes of objects.
///
/// What is due is a durable mark that the store commits with the object; here are the senders that
/// work the marks off, one for each container device, many rows a request. Nothing here is durable:
/// losing all of it loses no update. Invariant: a mark is cleared only after its container device
/// has answered that a row at least as new is on stable storage, and only if the object has not
/// changed since.
@NullMarked
package org.martlet.objectserver.outbox;

import org.jspecify.annotations.NullMarked;
