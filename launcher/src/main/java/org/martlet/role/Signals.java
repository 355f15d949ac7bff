package org.martlet.role;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/// What a process does when it gets a signal, where there are signals. The only user of a class of
/// the JDK that is not its public interface: there is no other for it.
final class Signals {
  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

  private Signals() {}

  /// Runs an action, on a thread of its own, whenever the process gets the signal; unless it was
  /// started with the signal ignored, as `nohup` does, which stays.
  ///
  /// @param name without `SIG`
  static void on(String name, Runnable action) {
    try {
      Signal signal = new Signal(name);
      SignalHandler before =
          Signal.handle(
              signal, got -> Thread.ofPlatform().name("signal-" + name).daemon().start(action));
      if (SignalHandler.SIG_IGN.equals(before)) {
        Signal.handle(signal, SignalHandler.SIG_IGN);
      }
    } catch (IllegalArgumentException e) {
      LOG.debug("no signal {} here: {}", name, e.getMessage());
    }
  }
}
