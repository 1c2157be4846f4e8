package com.harbourline.tariffs;

import java.math.BigDecimal;
import java.util.Map;

/** A tariff book as it was downloaded, and the ETag that names this version of it; null where none was sent. */
public record Download(Map<String, BigDecimal> rates, String etag) {}
