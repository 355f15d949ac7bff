package org.martlet.objectserver.store;

import org.martlet.objectserver.state.ObjectKey;

/// A listing update that is due: the object's current row is to be sent to a target.
///
/// @param target the number that the mutation gave, 0 to 63
/// @param sequence the object's sequence when the mark was read: any change of the object moves
///     it
public record DueMark(ObjectKey key, int target, long sequence) {}
