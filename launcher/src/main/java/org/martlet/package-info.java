/// The composition root: the one command, and per role the one place where its parts are wired.
///
/// Nothing else in Martlet reads a configuration file, opens a port or starts a thread on its own
/// account: what a server needs, it is handed from here.
@NullMarked
package org.martlet;

import org.jspecify.annotations.NullMarked;
