/// Runs the commands of the operator's handbook, `docs/operations.md`, as an operator would: on
/// machines with root, disks of their own and the units that `etc/install` put there.
///
/// The machines are namespaces over an overlay of this one's files
/// (`src/test/resources/operations`); nothing outside of them is changed, and nothing of them
/// outlives the test.
@NullMarked
package org.martlet.e2e.operations;

import org.jspecify.annotations.NullMarked;
