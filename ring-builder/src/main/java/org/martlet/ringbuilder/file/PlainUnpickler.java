package org.martlet.ringbuilder.file;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleException;
import net.razorvine.pickle.Unpickler;
import net.razorvine.pickle.objects.ArrayConstructor;

/// Unpickles dict, list, tuple, str, int, float, bool, None and `array.array`; whatever else a
/// pickle asks for is refused before it is done.
///
/// Lengths are checked against the bytes that are left before anything is allocated for them, all
/// arrays together have no more values than the pickle has bytes, and keys of dicts must be texts,
/// numbers or tuples, which cannot be made to hash for ever. Used once.
final class PlainUnpickler extends Unpickler {
  private static final int MAX_NAME = 64;

  /// Those that need no look at what they are about.
  private static final Set<Short> HARMLESS =
      Set.of(
          Opcodes.MARK,
          Opcodes.STOP,
          Opcodes.BININT,
          Opcodes.BININT1,
          Opcodes.BININT2,
          Opcodes.BINFLOAT,
          Opcodes.NONE,
          Opcodes.NEWTRUE,
          Opcodes.NEWFALSE,
          Opcodes.EMPTY_DICT,
          Opcodes.EMPTY_LIST,
          Opcodes.EMPTY_TUPLE,
          Opcodes.TUPLE,
          Opcodes.TUPLE1,
          Opcodes.TUPLE2,
          Opcodes.TUPLE3,
          Opcodes.APPEND,
          Opcodes.APPENDS,
          Opcodes.BINPUT,
          Opcodes.LONG_BINPUT,
          Opcodes.BINGET,
          Opcodes.LONG_BINGET,
          Opcodes.LONG1,
          Opcodes.SHORT_BINSTRING,
          Opcodes.PROTO);

  private final ByteArrayInputStream bytes;
  private final int length;
  private long arrayValues;

  PlainUnpickler(byte[] pickle) {
    this.length = pickle.length;
    this.bytes = new ByteArrayInputStream(pickle);
  }

  /// @throws PickleException if there is anything in it that is not plain
  /// @throws IOException if it is cut short
  /// @throws RuntimeException if it is not a pickle
  Object load() throws IOException {
    return load(bytes);
  }

  @Override
  protected Object dispatch(short key) throws IOException {
    if (HARMLESS.contains(key)) {
      return super.dispatch(key);
    }
    switch (key) {
      case Opcodes.BINUNICODE, Opcodes.BINSTRING -> {
        checkLength();
        return super.dispatch(key);
      }
      case Opcodes.REDUCE -> {
        checkArray();
        return super.dispatch(key);
      }
      case Opcodes.GLOBAL -> global();
      case Opcodes.SETITEM -> {
        Object value = stack.pop();
        setItems(Arrays.asList(stack.pop(), value));
      }
      case Opcodes.SETITEMS -> setItems(stack.pop_all_since_marker());
      default -> throw new PickleException("it holds more than plain values (opcode " + key + ")");
    }
    return NO_RETURN_VALUE;
  }

  /// The length that comes next, 32 bits and little-endian.
  private void checkLength() throws IOException {
    bytes.mark(Integer.BYTES);
    byte[] length = bytes.readNBytes(Integer.BYTES);
    bytes.reset();
    if (length.length < Integer.BYTES) {
      throw new EOFException("it is cut short");
    }
    int claimed = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getInt();
    if (claimed < 0 || claimed > bytes.available() - Integer.BYTES) {
      throw new EOFException("it is cut short: a text claims " + claimed + " bytes");
    }
  }

  private void global() throws IOException {
    String name = line() + "." + line();
    if (!name.equals("array.array")) {
      throw new PickleException("it holds more than plain values: " + name);
    }
    stack.add(new ArrayConstructor());
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = bytes.read(); c != '\n'; c = bytes.read()) {
      if (c < ' ' || c > '~' || line.length() == MAX_NAME) {
        throw new EOFException("it holds a name that is cut short or no name");
      }
      line.append((char) c);
    }
    return line.toString();
  }

  private void checkArray() {
    if (stack.peek() instanceof Object[] arguments
        && arguments.length == 2
        && arguments[0] instanceof String
        && arguments[1] instanceof List<?> values) {
      countArrayValues(values.size());
    } else {
      throw new PickleException("it holds an array that is none");
    }
  }

  /// A list may be remembered and made into arrays again and again; but honest pickles have bytes
  /// of their own for every value of every array.
  private void countArrayValues(int values) {
    arrayValues += values;
    if (arrayValues > length) {
      throw new PickleException("it holds arrays of more values than it has bytes");
    }
  }

  private void setItems(List<Object> items) {
    if (items.size() % 2 != 0 || !(stack.peek() instanceof Map<?, ?> peeked)) {
      throw new PickleException("it holds a dict that is none");
    }
    @SuppressWarnings("unchecked") // only this class and its parent made it
    Map<Object, Object> dict = (Map<Object, Object>) peeked;
    for (int i = 0; i < items.size(); i += 2) {
      Object key = items.get(i);
      boolean plain =
          key instanceof String
              || key instanceof Number
              || key instanceof Boolean
              || key instanceof Object[];
      if (!plain) {
        throw new PickleException("it holds a dict with keys that are not plain");
      }
      dict.put(key, items.get(i + 1));
    }
  }
}
