package org.martlet.objectserver.server;

import java.util.Map;
import org.martlet.objectserver.store.DeviceStore;

/// The devices of a machine, by the names that the rings know them by.
///
/// @param stores those that are open
/// @param refused those that are not, each with the reason as operators read it
public record FoundDevices(Map<String, DeviceStore> stores, Map<String, String> refused) {}
