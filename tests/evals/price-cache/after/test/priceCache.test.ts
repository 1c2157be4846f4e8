import { describe, expect, it, vi } from "vitest";
import pino from "pino";
import { PriceCache } from "../src/priceCache";

function cacheOn(priceOf: () => Promise<{ amount: number; currency: string }>, clock: { ms: number }) {
  const catalogue = { priceOf: vi.fn(priceOf) };
  const options = { freshForMs: 1_000, staleForMs: 5_000, maxEntries: 10, log: pino({ enabled: false }) };
  return { catalogue, cache: new PriceCache(catalogue, { ...options, now: () => clock.ms }) };
}

describe("a price that has expired", () => {
  it("is served at once and replaced behind the scenes", async () => {
    const clock = { ms: 0 };
    let amount = 100;
    const { cache, catalogue } = cacheOn(async () => ({ amount: amount++, currency: "EUR" }), clock);
    await cache.get("tent");
    clock.ms = 2_000;
    expect((await cache.get("tent")).amount).toBe(100);
    await vi.waitFor(async () => expect((await cache.get("tent")).amount).toBe(101));
    expect(catalogue.priceOf).toHaveBeenCalled();
  });

  it("is asked for in front of the shopper when it is too old", async () => {
    const clock = { ms: 0 };
    let amount = 100;
    const { cache } = cacheOn(async () => ({ amount: amount++, currency: "EUR" }), clock);
    await cache.get("tent");
    clock.ms = 6_000;
    expect((await cache.get("tent")).amount).toBe(101);
  });
});
