import type { Catalogue, Price } from "./catalogue";

export interface PriceCacheOptions {
  /** How long a price is as good as new, in milliseconds. */
  freshForMs: number;
  /** Articles kept at most; those used longest ago go first. */
  maxEntries: number;
  now?: () => number;
}

interface Entry {
  price: Price;
  storedAt: number;
}

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

  /** The price of an article. Rejects with what the catalogue rejects with. */
  async get(sku: string): Promise<Price> {
    const entry = this.entries.get(sku);
    if (entry && this.now() - entry.storedAt < this.options.freshForMs) {
      this.touch(sku, entry);
      return entry.price;
    }
    return this.fetchOnce(sku);
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
