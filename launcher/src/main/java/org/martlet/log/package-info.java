/// What the process writes to its log, and how: text or JSON, levels that change while it runs,
/// access lines of storage servers, a bound on errors that repeat themselves. The only user of
/// Logback.
///
/// Invariant: an event is one line, or a line and indented ones: what comes from outside cannot
/// look like an event of its own.
@NullMarked
package org.martlet.log;

import org.jspecify.annotations.NullMarked;
