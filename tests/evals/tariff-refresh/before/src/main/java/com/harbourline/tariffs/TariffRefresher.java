package com.harbourline.tariffs;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Looks for a new tariff book every minute. */
@Component
public class TariffRefresher {
    private static final Logger log = LoggerFactory.getLogger(TariffRefresher.class);

    private final TariffBook book;

    public TariffRefresher(TariffBook book) {
        this.book = book;
    }

    @Scheduled(fixedDelayString = "PT1M")
    public void refresh() {
        try {
            book.refresh();
        } catch (IOException failed) {
            log.warn("The tariff book was not refreshed; the old one stays in force", failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
