package org.martlet.common.disk;

import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The files of one device, as the engine needs them.
///
/// - Durability: nothing is on stable storage before [DiskFile#force] returned for a file's content
///   and [#syncDirectory] for the entry that names it. A new file needs both.
/// - Errors: [DiskFault] says that the device failed (or is full: [DiskFull]; or that this process
///   has no file handle left: [DiskOutOfHandles]). A file that is missing or already there is no
///   fault of the device and has the JDK's exception for it.
/// - Threads: any, several at once; every call may block for as long as the device does. Never
///   interrupt a thread that may be in here: an interrupt closes the file for everybody.
public interface Disk {

  /// Opens an existing file for reading only.
  DiskFile openForRead(Path file) throws DiskFault, NoSuchFileException;

  /// Opens an existing file for reading and writing.
  DiskFile openForWrite(Path file) throws DiskFault, NoSuchFileException;

  /// Makes a file that is not there yet, empty, open for reading and writing.
  ///
  /// - Durability: the entry is volatile until [#syncDirectory] of the parent.
  /// - Errors: [NoSuchFileException] if the parent is missing.
  DiskFile create(Path file) throws DiskFault, FileAlreadyExistsException, NoSuchFileException;

  /// Removes a file or an empty directory; open handles of the file stay good.
  ///
  /// @return whether it was there
  boolean delete(Path path) throws DiskFault;

  /// Gives a file or a directory another name on the same device, atomically, in place of a file
  /// that had that name.
  ///
  /// - Durability: volatile until [#syncDirectory] of the target's parent (and of the source's,
  ///   where it differs); after a crash in between either name stands, never both or none.
  void rename(Path from, Path to) throws DiskFault, NoSuchFileException;

  /// The names in a directory, sorted.
  List<String> list(Path directory) throws DiskFault, NoSuchFileException;

  /// Makes one directory; it is no error if it is there.
  ///
  /// - Durability: volatile until [#syncDirectory] of the parent.
  /// - Errors: [NoSuchFileException] if the parent is missing.
  void createDirectory(Path directory) throws DiskFault, NoSuchFileException;

  /// Returns once every entry made, renamed or deleted in this directory so far is on stable
  /// storage.
  void syncDirectory(Path directory) throws DiskFault, NoSuchFileException;

  /// Whether there is a file or directory of that name.
  boolean exists(Path path) throws DiskFault;

  /// Bytes that this process may still write, and bytes in all, on the file system of a directory.
  DiskSpace space(Path directory) throws DiskFault, NoSuchFileException;

  /// Takes an exclusive lock on a file (made if it is missing), against other processes and against
  /// other holders in this one.
  ///
  /// @return empty if somebody else holds it
  Optional<DiskLock> tryLock(Path file) throws DiskFault, NoSuchFileException;
}
