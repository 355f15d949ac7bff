package org.martlet.objectserver.server;

import java.util.Map;
import org.martlet.common.device.RejoinRule;
import org.martlet.objectserver.store.DeviceStore;

/// The devices of a machine, by the names that the rings know them by.
///
/// @param stores those that are open
/// @param refused those that are not, each with the reason as operators read it
/// @param rejoin how long a device may be out of touch
public record FoundDevices(
    Map<String, DeviceStore> stores, Map<String, String> refused, RejoinRule rejoin) {}
