/// What Swift's `swift-recon` asks of a server, in the form of Swift's recon middleware: the
/// machine under `/proc`, the devices' file systems, the rings in force, background work.
///
/// Not here: what a service alone knows (its updates, audits, quarantine), which it answers itself
/// at `/recon`, and what Martlet tells beyond that, at `/recon/martlet`. Every answer is bounded,
/// names no object, and is open to anybody who reaches the port, as in Swift.
@NullMarked
package org.martlet.recon;

import org.jspecify.annotations.NullMarked;
