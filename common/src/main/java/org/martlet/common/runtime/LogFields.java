package org.martlet.common.runtime;

import java.util.function.BiConsumer;

/// An argument of a log message that has more to say where lines are objects: beside its text, each
/// of its fields becomes one of the object.
public interface LogFields {
  /// @param field takes names and values: texts, numbers, truth values
  void forEach(BiConsumer<String, Object> field);
}
