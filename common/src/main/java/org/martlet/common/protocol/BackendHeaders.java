package org.martlet.common.protocol;

/// Names of the header fields between servers. Clients never see them: the proxy strips them in
/// both directions.
public final class BackendHeaders {
  /// The protocol version that the sender speaks, see [BackendSignature#VERSION].
  public static final String VERSION = "X-Backend-Version";

  /// When the request was signed: seconds since the epoch.
  public static final String DATE = "X-Backend-Date";

  /// The signature, see [BackendSignature].
  public static final String SIGNATURE = "X-Backend-Signature";

  /// Which ring file a body is, see [org.martlet.common.ring.RingSeal].
  public static final String RING_SEAL = "X-Backend-Ring-Seal";

  /// Names the client's request that this one follows from, in the logs of all servers; those that
  /// follow from several name some of them, see [BackgroundIds].
  public static final String TRANSACTION = "X-Trans-Id";

  public static final String POLICY_INDEX = "X-Backend-Storage-Policy-Index";
  public static final String POLICY_DEFAULT = "X-Backend-Storage-Policy-Default";

  /// The clock of a change, or the present time of a read.
  public static final String TIMESTAMP = "X-Timestamp";

  /// In answers: the newest clock of what is stored, tombstones included.
  public static final String STORED_TIMESTAMP = "X-Backend-Timestamp";

  public static final String DATA_TIMESTAMP = "X-Backend-Data-Timestamp";

  /// In answers: the clock of the content type, which a POST that names none leaves as it is.
  public static final String CONTENT_TYPE_TIMESTAMP = "X-Backend-Content-Type-Timestamp";

  public static final String DURABLE_TIMESTAMP = "X-Backend-Durable-Timestamp";

  /// `true`: the change is a copy between replicas; clocks come with it, and no listing hears of
  /// it.
  public static final String REPLICATION = "X-Backend-Replication";

  /// On a PUT: `trailers` when [#ETAG] and [#CRC32C] follow the body; without them nothing is
  /// stored.
  public static final String COMMIT = "X-Backend-Commit";

  /// The body's MD5 in hexadecimal, computed by the sender; a header where the sender had the whole
  /// body before, else a trailer.
  public static final String ETAG = "X-Backend-Etag";

  /// The body's CRC-32C, eight hexadecimal digits.
  public static final String CRC32C = "X-Backend-Crc32c";

  /// Which container replica an object replica reports to: the object replica's own index. Without
  /// it the object server takes its device's index among the primaries.
  public static final String REPLICA_INDEX = "X-Backend-Replica-Index";

  /// `yes`: an object PUT or DELETE that does not change a listing.
  public static final String NO_LISTING_UPDATE = "X-Backend-No-Listing-Update";

  /// `true`: names that begin with NUL are allowed.
  public static final String ALLOW_RESERVED_NAMES = "X-Backend-Allow-Reserved-Names";

  /// `true`: an expired object is shown as if it were not.
  public static final String OPEN_EXPIRED = "X-Backend-Open-Expired";

  /// `true`: an account that is marked as deleted is shown with what is left in it.
  public static final String SHOW_DELETED = "X-Backend-Show-Deleted";

  /// In answers about a partition: `true` if the device is a primary of it by its own ring.
  public static final String PRIMARY = "X-Backend-Primary";

  /// In answers with leaf digests: how many bits of the hash selected a leaf.
  public static final String LEAF_BITS = "X-Backend-Leaf-Bits";

  /// In answers that were cut short: the hash at which the next request begins, 32 hexadecimal
  /// digits.
  public static final String NEXT_HASH = "X-Backend-Next-Hash";

  /// In answers with the digests of partitions that had no room for all: where the next request
  /// begins.
  public static final String NEXT_PARTITION = "X-Backend-Next-Partition";

  private BackendHeaders() {}
}
