package org.martlet.e2e;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A file with an ext4 in it, mounted through a loop device, whose power can be cut: what was not
/// fsynced is gone then, as far as ext4 has not written it by itself.
///
/// Closing unmounts it, whatever state it is in; the file stays.
public final class Ext4Image implements AutoCloseable {
  /// `_IOR('X', 125, __u32)`: the file system forgets its journal and all dirty pages, and answers
  /// EIO from then on.
  private static final long EXT4_IOC_SHUTDOWN = 0x8004_587dL;

  private static final int NO_LOG_FLUSH = 2;
  private static final List<String> PROGRAMS = List.of("mkfs.ext4", "mount", "umount");

  private final Path file;
  private final Path mountPoint;
  private final String options;
  private boolean mounted;
  private boolean frozen;

  private Ext4Image(Path file, Path mountPoint, String options) {
    this.file = file;
    this.mountPoint = mountPoint;
    this.options = options;
  }

  /// Why there can be none here; empty where there can.
  public static Optional<String> missing() {
    if (!"root".equals(System.getProperty("user.name"))) {
      return Optional.of("mounting needs root");
    }
    if (!Files.exists(Path.of("/dev/loop-control"))) {
      return Optional.of("there are no loop devices");
    }
    for (String program : PROGRAMS) {
      if (!isInstalled(program)) {
        return Optional.of(program + " is not installed");
      }
    }
    return Optional.empty();
  }

  public static boolean isInstalled(String program) {
    Stream<String> path = Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"));
    return Stream.concat(path, Stream.of("/sbin", "/usr/sbin"))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  /// Makes the file system and mounts it.
  ///
  /// @param options of mount, such as `data=writeback`; "defaults" for none
  public static Ext4Image create(Path file, Path mountPoint, long bytes, String options)
      throws IOException {
    try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
      image.setLength(bytes);
    }
    Files.createDirectories(mountPoint);
    // What has not been used yet is not written, so that small images are made in milliseconds.
    command("mkfs.ext4", "-q", "-F", "-m", "0", "-b", "4096", file.toString());
    Ext4Image image = new Ext4Image(file, mountPoint, options);
    image.mount();
    return image;
  }

  private static void command(String... command) {
    MartletProcess.Finished finished = MartletProcess.run(List.of(command), null);
    if (finished.exitCode() != 0) {
      throw new IllegalStateException(List.of(command) + " printed: " + finished.output());
    }
  }

  public Path mountPoint() {
    return mountPoint;
  }

  public void mount() {
    command("mount", "-o", "loop," + options, file.toString(), mountPoint.toString());
    mounted = true;
  }

  /// As `/sys/fs/ext4` knows it, e.g. `loop0`.
  public String deviceName() {
    MartletProcess.Finished found =
        MartletProcess.run(List.of("findmnt", "-n", "-o", "SOURCE", mountPoint.toString()), null);
    return String.valueOf(Path.of(found.output().strip()).getFileName());
  }

  /// Whatever writes to it blocks until [#thaw].
  void freeze() {
    command("fsfreeze", "--freeze", mountPoint.toString());
    frozen = true;
  }

  /// Lets writes go on; does nothing where they do.
  void thaw() {
    if (frozen) {
      command("fsfreeze", "--unfreeze", mountPoint.toString());
      frozen = false;
    }
  }

  /// All processes must have closed their files.
  public void unmount() {
    command("umount", mountPoint.toString());
    mounted = false;
  }

  /// From now on nothing reaches the image any more; what is open answers EIO.
  public void cutPower() {
    Linker linker = Linker.nativeLinker();
    MethodHandle open =
        function(linker, "open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), 2);
    MethodHandle ioctl =
        function(linker, "ioctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), 2);
    MethodHandle close = function(linker, "close", FunctionDescriptor.of(JAVA_INT, JAVA_INT), -1);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = arena.allocateFrom(mountPoint.toString());
      int handle = (int) open.invokeExact(path, 0);
      if (handle < 0) {
        throw new IllegalStateException("cannot open " + mountPoint);
      }
      MemorySegment how = arena.allocateFrom(JAVA_INT, NO_LOG_FLUSH);
      int failed = (int) ioctl.invokeExact(handle, EXT4_IOC_SHUTDOWN, how);
      int unused = (int) close.invokeExact(handle);
      if (failed != 0 || unused != 0) {
        throw new IllegalStateException("the ext4 on " + mountPoint + " cannot be shut down");
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /// @param firstVariadic index of the first variable argument; -1 for none
  @SuppressWarnings("restricted") // the JDK has no other way to an ioctl
  private static MethodHandle function(
      Linker linker, String name, FunctionDescriptor type, int firstVariadic) {
    Linker.Option[] options =
        firstVariadic < 0
            ? new Linker.Option[0]
            : new Linker.Option[] {Linker.Option.firstVariadicArg(firstVariadic)};
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, options);
  }

  @Override
  public void close() {
    thaw();
    if (mounted) {
      // Lazy: a process that was not ended must not keep the mount in the machine's tree.
      command("umount", "-l", mountPoint.toString());
      mounted = false;
    }
  }
}
