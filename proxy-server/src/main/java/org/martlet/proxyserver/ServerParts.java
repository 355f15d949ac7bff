package org.martlet.proxyserver;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.function.UnaryOperator;
import org.martlet.common.http.EventLoops;
import org.martlet.common.http.HttpClient;
import org.martlet.common.http.HttpHandler;
import org.martlet.common.runtime.TimestampSource;

/// What the process lends to the proxy, and closes after it.
///
/// @param loops for the listening socket
/// @param client to storage servers
/// @param clock the present
/// @param timestamps the only source of them in this process
/// @param meters where the proxy counts
/// @param version of this software, for `/info`
/// @param front puts what is not of the API before the API's handler
public record ServerParts(
    EventLoops loops,
    HttpClient client,
    InstantSource clock,
    TimestampSource timestamps,
    MeterRegistry meters,
    String version,
    UnaryOperator<HttpHandler> front) {}
