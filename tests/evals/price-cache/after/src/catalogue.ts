export interface Price {
  amount: number;
  currency: string;
}

export interface Catalogue {
  /** Rejects when the article is unknown, the catalogue is down, or the signal fires. */
  priceOf(sku: string, signal: AbortSignal): Promise<Price>;
}
