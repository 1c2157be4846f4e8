package com.harbourline.tariffs;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** What each container type costs on each route. Read by every quote, replaced when the tariff service has a new book. */
public final class TariffBook {
    private final TariffClient client;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private Map<String, BigDecimal> rates = Map.of();
    private String etag;

    public TariffBook(TariffClient client) {
        this.client = client;
    }

    /** The rate of a route and container type, such as "HAM-SIN/40HC"; empty where there is none. */
    public Optional<BigDecimal> rate(String routeAndType) {
        lock.readLock().lock();
        try {
            return Optional.ofNullable(rates.get(routeAndType));
        } finally {
            lock.readLock().unlock();
        }
    }

    /**
     * Replaces the book, and the ETag that belongs to it, where there is a newer one.
     *
     * @return whether there was. On failure the old one stays in force.
     */
    public boolean refresh() throws IOException, InterruptedException {
        lock.writeLock().lock();
        try {
            Optional<Download> download = client.download(etag);
            if (download.isEmpty()) {
                return false;
            }
            rates = download.get().rates();
            etag = download.get().etag();
            return true;
        } finally {
            lock.writeLock().unlock();
        }
    }
}
