import { Router } from "express";
import { cents, split, type Cents } from "./shared/money";

export const instalments = Router();

const PAYMENTS = process.env.PAYMENTS_URL ?? "http://payments.internal";
const OFFERS = process.env.OFFERS_URL ?? "http://offers.internal";
const EVENTS = process.env.EVENTS_URL ?? "http://events.internal";
const SMALLEST_ORDER = cents(60_00);

interface Offer {
  sku: string;
  monthly: readonly Cents[];
  label: string;
}

interface BasketLine {
  sku: string;
  cents: number;
}

/** Starts a plan for an order. The page shows the due dates we answer with. */
instalments.post("/orders/:id/instalments", async (request, response, next) => {
  try {
    const answer = await fetch(`${PAYMENTS}/orders/${request.params.id}/instalments`, {
      method: "POST",
      headers: { "content-type": "application/json" },
    });
    const plan = await answer.json();
    if (answer.ok) {
      recordPlanStarted(request.params.id, plan.plan);
    }
    response.status(answer.status).json(plan);
  } catch (error) {
    next(error);
  }
});

/** What each line of a basket would cost a month; lines without an offer are left out. */
export async function offersFor(basket: BasketLine[]): Promise<Offer[]> {
  const worthSplitting = basket.filter((line) => line.cents >= SMALLEST_ORDER);
  const offers = await Promise.all(
    worthSplitting.map(async (line) => {
      const answer = await fetch(`${OFFERS}/instalments/${line.sku}`, { signal: AbortSignal.timeout(800) });
      if (!answer.ok) {
        return undefined;
      }
      const { label, parts } = await answer.json();
      return { sku: line.sku, label, monthly: split(cents(line.cents), parts) };
    }),
  );
  return offers.filter((offer) => offer !== undefined);
}

/** Tells analytics. */
async function recordPlanStarted(orderId: string, planId: string): Promise<void> {
  await fetch(`${EVENTS}/plan-started`, {
    method: "POST",
    body: JSON.stringify({ orderId, planId, at: new Date().toISOString() }),
    signal: AbortSignal.timeout(1_000),
  });
}

/** Cancels a plan when the customer leaves the confirmation page. */
export async function cancelPlan(planId: string, reason: string): Promise<void> {
  try {
    await fetch(`${PAYMENTS}/plans/${planId}/cancel`, {
      method: "POST",
      body: JSON.stringify({ reason }),
      signal: AbortSignal.timeout(2_000),
    });
  } catch {}
}
