package org.martlet.replicator.run;

/// Pays for something long that comes in small chunks, a mebibyte ahead at a time.
///
/// Who takes from the budget waits its turn, whatever it takes: a large copy that paid for each
/// chunk would have one of 64 KiB for each batch of others that is sixteen times as large, and with
/// a small budget the receiver would give it up meanwhile.
///
/// Threads: not safe.
final class Prepayment {
  static final long PIECE = 1 << 20;

  /// Where the bytes are taken from; may wait.
  interface Payment {
    void take(long bytes) throws ReplicaFault;
  }

  private final Payment payment;
  private long unpaid;
  private long paid;

  /// @param total how many bytes there will be
  Prepayment(Payment payment, long total) {
    this.payment = payment;
    this.unpaid = total;
  }

  /// So many bytes are passed on now.
  void use(long bytes) throws ReplicaFault {
    while (paid < bytes) {
      long more = Math.max(bytes - paid, Math.min(PIECE, unpaid));
      payment.take(more);
      paid += more;
      unpaid = Math.max(0, unpaid - more);
    }
    paid -= bytes;
  }
}
