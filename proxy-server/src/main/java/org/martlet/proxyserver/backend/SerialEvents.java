package org.martlet.proxyserver.backend;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// Runs events one after the other, in the order in which they came, on the threads that bring
/// them: no thread waits for another.
///
/// An event that is brought while another runs (by that one itself, too) runs after it. Events must
/// not block. What an event throws reaches whoever runs it, after the events that wait.
final class SerialEvents {
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private boolean running;

  void run(Runnable event) {
    Throwable thrown = null;
    Runnable next = admit(event);
    while (next != null) {
      try {
        next.run();
      } catch (RuntimeException | Error e) {
        if (thrown == null) {
          thrown = e;
        } else if (!thrown.equals(e)) {
          thrown.addSuppressed(e);
        }
      }
      next = following();
    }
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown instanceof RuntimeException exception) {
      throw exception;
    }
  }

  private synchronized @Nullable Runnable admit(Runnable event) {
    if (running) {
      waiting.add(event);
      return null;
    }
    running = true;
    return event;
  }

  private synchronized @Nullable Runnable following() {
    Runnable next = waiting.poll();
    running = next != null;
    return next;
  }
}
