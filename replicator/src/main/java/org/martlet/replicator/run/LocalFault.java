package org.martlet.replicator.run;

/// The local device did not do what it was asked: a pass over it cannot go on.
public final class LocalFault extends Exception {
  private static final long serialVersionUID = 1;

  /// Something that is asked of the local device.
  public interface Call<T> {
    T run() throws ReplicaFault;
  }

  private final ReplicaFault fault;

  public LocalFault(ReplicaFault fault) {
    super(fault.getMessage(), fault);
    this.fault = fault;
  }

  public ReplicaFault fault() {
    return fault;
  }

  /// Asks the local device.
  public static <T> T in(Call<T> call) throws LocalFault {
    try {
      return call.run();
    } catch (ReplicaFault e) {
      throw new LocalFault(e);
    }
  }
}
