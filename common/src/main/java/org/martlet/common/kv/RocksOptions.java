package org.martlet.common.kv;

import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.DataBlockIndexType;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.SstFileManager;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBufferManager;

/// The tuning of a database, with the reasons.
final class RocksOptions {
  private static final long KIB = 1024;
  private static final long MIB = 1024 * KIB;
  private static final double BLOOM_BITS_PER_KEY = 10; // 1 % of absent keys cost a read

  private RocksOptions() {}

  /// The caller closes it after the database.
  static DBOptions database(
      KeyValueConfig config, LogUse log, WriteBufferManager writeBuffers, SstFileManager files) {
    return new DBOptions()
        .setCreateIfMissing(true)
        .setCreateMissingColumnFamilies(true)
        // A flush moves all families together, so that writes without a log stay consistent.
        .setAtomicFlush(true)
        // Close must not block on a failed device, and promises nothing: see KeyValueStore.close.
        .setAvoidFlushDuringShutdown(true)
        .setWriteBufferManager(writeBuffers)
        // Without it, a database that ran out of space stays read-only until it is opened again.
        .setSstFileManager(files)
        .setMaxBackgroundJobs(config.jobsPerDatabase())
        .setMaxOpenFiles(config.maxOpenFiles())
        // Cuts the log at the first torn record: the only mode that goes with recycled logs.
        .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
        // RocksDB refuses writes without a log where it is recycled.
        .setRecycleLogFileNum(log == LogUse.ALWAYS ? 2 : 0)
        .setMaxTotalWalSize(64 * MIB)
        .setBytesPerSync(MIB)
        .setMaxManifestFileSize(16 * MIB)
        .setSkipStatsUpdateOnDbOpen(true)
        .setStatsDumpPeriodSec(0)
        .setStatsPersistPeriodSec(0)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setMaxLogFileSize(MIB)
        .setKeepLogFileNum(2);
  }

  /// The caller closes it after the database.
  static ColumnFamilyOptions family(
      KeyValueFamily.Access access, KeyValueConfig config, Cache cache) {
    // Larger ones mean fewer compactions: the budget is shared, and makes busy databases flush
    // early.
    long buffer = Math.clamp(config.writeBuffers().bytes() / 3, MIB, 64 * MIB);
    ColumnFamilyOptions options =
        new ColumnFamilyOptions()
            .setWriteBufferSize(buffer)
            // The default, 1 MiB, is what every family takes as soon as anything is written to it:
            // with many databases that alone is the budget, and each write would begin a flush.
            .setArenaBlockSize(64 * KIB)
            .setMaxWriteBufferNumber(3)
            .setLevelCompactionDynamicLevelBytes(true)
            .setTargetFileSizeBase(64 * MIB);
    return switch (access) {
      case POINT ->
          options
              // Hashes and numbers: nothing to compress.
              .setCompressionType(CompressionType.NO_COMPRESSION)
              // Most lookups before a write find nothing; answer those from memory.
              .setMemtablePrefixBloomSizeRatio(0.02)
              .setMemtableWholeKeyFiltering(true)
              .setTableFormatConfig(
                  table(cache)
                      .setBlockSize(4 * KIB)
                      .setDataBlockIndexType(DataBlockIndexType.kDataBlockBinaryAndHash)
                      .setDataBlockHashTableUtilRatio(0.75));
      case SCAN ->
          options
              .setCompressionType(CompressionType.LZ4_COMPRESSION)
              .setTableFormatConfig(table(cache).setBlockSize(16 * KIB));
    };
  }

  /// Indexes and filters live in the shared cache, cut into pieces, so that memory does not grow
  /// with the number of keys.
  private static BlockBasedTableConfig table(Cache cache) {
    return new BlockBasedTableConfig()
        .setBlockCache(cache)
        .setCacheIndexAndFilterBlocks(true)
        .setCacheIndexAndFilterBlocksWithHighPriority(true)
        .setPinL0FilterAndIndexBlocksInCache(true)
        .setPinTopLevelIndexAndFilter(true)
        .setIndexType(IndexType.kTwoLevelIndexSearch)
        .setPartitionFilters(true)
        .setMetadataBlockSize(4 * KIB)
        .setFilterPolicy(new BloomFilter(BLOOM_BITS_PER_KEY))
        .setOptimizeFiltersForMemory(true);
  }
}
