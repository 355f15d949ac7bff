/// `martlet where`: which devices have an object, a container or an account, in which state, and
/// which of them is right.
///
/// Not here: what one device has in full (`device`). Devices are asked over HTTP, by signed
/// requests that change nothing; what they say is judged here and in no server.
@NullMarked
package org.martlet.where;

import org.jspecify.annotations.NullMarked;
