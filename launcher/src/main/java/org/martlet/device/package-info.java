/// `martlet object-info` and `martlet device-info`: what an operator asks of one device.
///
/// While a server has the device open, the server is asked, with a signed request; else the device
/// is read here, under its lock, and nothing is changed. Both give the same facts, which
/// object-server gathers; here they are fetched and shown.
@NullMarked
package org.martlet.device;

import org.jspecify.annotations.NullMarked;
