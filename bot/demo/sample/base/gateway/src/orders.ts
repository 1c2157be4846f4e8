import { Router } from "express";
import { cents, format } from "./money";

export const orders = Router();
const PAYMENTS = process.env.PAYMENTS_URL ?? "http://payments.internal";

orders.post("/orders/:id/pay", async (request, response, next) => {
  try {
    const answer = await fetch(`${PAYMENTS}/orders/${request.params.id}/charge`, {
      method: "POST",
      body: JSON.stringify({ token: request.body.token }),
      headers: { "content-type": "application/json" },
      signal: AbortSignal.timeout(3_000),
    });
    response.status(answer.status).json(await answer.json());
  } catch (error) {
    next(error);
  }
});

export function total(lines: { cents: number }[]): string {
  return format(cents(lines.reduce((sum, line) => sum + line.cents, 0)));
}
