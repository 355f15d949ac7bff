package org.martlet.containerserver.server;

import com.google.common.base.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.martlet.common.disk.Disk;
import org.martlet.common.kv.KeyValueOpener;

/// The world that a server runs in.
///
/// @param databases opens listing databases
/// @param clock for clocks that go to others
/// @param ticker for waiting times
public record Machine(
    Disk disk,
    KeyValueOpener databases,
    InstantSource clock,
    Ticker ticker,
    MeterRegistry meters) {}
