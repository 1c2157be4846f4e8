import type { Logger } from "pino";
import type { Catalogue, Price } from "./catalogue";

export interface PriceCacheOptions {
  /** How long a price is as good as new, in milliseconds. */
  freshForMs: number;
  /** How much longer it may be served while a new one is fetched, in milliseconds. */
  staleForMs: number;
  /** Articles kept at most; those used longest ago go first. */
  maxEntries: number;
  log: Logger;
  now?: () => number;
}

interface Entry {
  price: Price;
  storedAt: number;
  /** Not refreshed before: set when a refresh has failed. */
  retryFrom?: number;
}

const RETRY_AFTER_MS = 2_000;

/** Prices of articles, each asked of the catalogue once while it is fresh, however many wait for it. */
export class PriceCache {
  private readonly entries = new Map<string, Entry>();
  private readonly inFlight = new Map<string, Promise<Price>>();
  private readonly now: () => number;

  constructor(
    private readonly catalogue: Catalogue,
    private readonly options: PriceCacheOptions,
  ) {
    this.now = options.now ?? Date.now;
  }

  /**
   * The price of an article, a stale one at once where there is one. Rejects with what the catalogue rejects with
   * where there is none.
   */
  async get(sku: string): Promise<Price> {
    const entry = this.entries.get(sku);
    if (!entry) {
      return this.fetchOnce(sku);
    }
    const age = this.now() - entry.storedAt;
    if (age >= this.options.freshForMs + this.options.staleForMs) {
      return this.fetchOnce(sku);
    }
    this.touch(sku, entry);
    if (age >= this.options.freshForMs && this.now() >= (entry.retryFrom ?? 0)) {
      this.refreshInBackground(sku, entry);
    }
    return entry.price;
  }

  private fetchOnce(sku: string): Promise<Price> {
    const underWay = this.inFlight.get(sku);
    if (underWay) {
      return underWay;
    }
    const started = this.fetch(sku).finally(() => this.inFlight.delete(sku));
    this.inFlight.set(sku, started);
    return started;
  }

  /** Nobody waits for it, so a failure is only told; the stale price serves on until it is too old. */
  private refreshInBackground(sku: string, entry: Entry): void {
    if (this.inFlight.has(sku)) {
      return;
    }
    this.fetchOnce(sku).catch((error: unknown) => {
      entry.retryFrom = this.now() + RETRY_AFTER_MS;
      this.options.log.warn({ err: error, sku }, "price not refreshed");
    });
  }

  private async fetch(sku: string): Promise<Price> {
    const price = await this.catalogue.priceOf(sku, AbortSignal.timeout(1_500));
    this.touch(sku, { price, storedAt: this.now() });
    return price;
  }

  /** Puts the entry last in the order in which entries go. */
  private touch(sku: string, entry: Entry): void {
    this.entries.delete(sku);
    this.entries.set(sku, entry);
    if (this.entries.size > this.options.maxEntries) {
      const oldest = this.entries.keys().next();
      if (!oldest.done) {
        this.entries.delete(oldest.value);
      }
    }
  }
}
