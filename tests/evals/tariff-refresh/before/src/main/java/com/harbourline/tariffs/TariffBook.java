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

    /** Replaces the book by the newest one. On failure the old one stays in force. */
    public void refresh() throws IOException, InterruptedException {
        Map<String, BigDecimal> newest = client.download();
        lock.writeLock().lock();
        try {
            rates = newest;
        } finally {
            lock.writeLock().unlock();
        }
    }
}
