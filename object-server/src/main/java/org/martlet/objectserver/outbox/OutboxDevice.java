package org.martlet.objectserver.outbox;

import java.util.concurrent.Executor;
import org.martlet.objectserver.store.DeviceStore;

/// A device whose marks are worked off.
///
/// @param name for logs and metrics
/// @param threads that may call the store
public record OutboxDevice(String name, DeviceStore store, Executor threads) {}
