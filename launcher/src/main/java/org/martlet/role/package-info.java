/// What one process is: for each role the place where its servers are wired and started.
@NullMarked
package org.martlet.role;

import org.jspecify.annotations.NullMarked;
