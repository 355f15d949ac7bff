/// Text for people at a terminal: aligned tables, numbers and moments in words.
///
/// Not here: what the numbers mean. What came from a tenant is made harmless before it is shown.
@NullMarked
package org.martlet.terminal;

import org.jspecify.annotations.NullMarked;
