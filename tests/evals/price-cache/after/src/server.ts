import express from "express";
import type { Logger } from "pino";
import type { Catalogue } from "./catalogue";
import { PriceCache } from "./priceCache";

export function createServer(catalogue: Catalogue, log: Logger): express.Express {
  const app = express();
  const prices = new PriceCache(catalogue, {
    freshForMs: 30_000,
    staleForMs: 600_000,
    maxEntries: 50_000,
    log: log.child({ part: "prices" }),
  });

  app.get("/prices/:sku", async (request, response, next) => {
    try {
      response.json(await prices.get(request.params.sku));
    } catch (error) {
      next(error);
    }
  });

  return app;
}
