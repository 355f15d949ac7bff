/// `martlet up`: a whole cluster in one process, its rings, configuration and data in one
/// directory.
///
/// It starts the same servers from the same kinds of files as `node` and `proxy-server` do; nothing
/// is embedded but the process.
@NullMarked
package org.martlet.up;

import org.jspecify.annotations.NullMarked;
