package org.martlet.containerserver.listing;

import com.google.common.base.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.martlet.common.model.PathHasher;

/// What a listing store needs of the world around it.
///
/// @param hasher the cluster's
/// @param clock for the clocks that the store makes itself
/// @param ticker for waiting times
/// @param meters where counts of rows and commits go
public record ListingEnvironment(
    PathHasher hasher,
    DigestKey digestKey,
    InstantSource clock,
    Ticker ticker,
    MeterRegistry meters) {}
