import express from "express";
import type { Catalogue } from "./catalogue";
import { PriceCache } from "./priceCache";

export function createServer(catalogue: Catalogue): express.Express {
  const app = express();
  const prices = new PriceCache(catalogue, { freshForMs: 30_000, maxEntries: 50_000 });

  app.get("/prices/:sku", async (request, response, next) => {
    try {
      response.json(await prices.get(request.params.sku));
    } catch (error) {
      next(error);
    }
  });

  return app;
}
