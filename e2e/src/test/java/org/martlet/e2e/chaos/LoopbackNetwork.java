package org.martlet.e2e.chaos;

import java.util.List;

/// Every member has an address of its own on the loopback interface. Nothing can be cut.
final class LoopbackNetwork implements Network {
  @Override
  public String address(int member) {
    return "127.0.0." + (member + 1);
  }

  @Override
  public List<String> prefix(int member) {
    return List.of();
  }

  @Override
  public boolean canCut() {
    return false;
  }

  @Override
  public void cut(int from, int to) {
    throw new UnsupportedOperationException("the loopback interface cannot be cut");
  }

  @Override
  public void heal() {
    // There never is a cut.
  }

  @Override
  public void close() {
    // The loopback interface stays.
  }
}
