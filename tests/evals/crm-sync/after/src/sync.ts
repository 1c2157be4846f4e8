import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import type { Crm, Page } from "./crm";
import type { CustomerStore } from "./store";

const ATTEMPTS = 3;
const FIRST_WAIT_MS = 1_000;

export interface Synced {
  stored: number;
  removed: number;
}

export interface SyncOptions {
  sleep?: (ms: number) => Promise<unknown>;
  random?: () => number;
}

/** Makes the store hold the customers of the CRM, and no others. What was read before a page failed is kept. */
export async function syncCustomers(
  crm: Crm,
  store: CustomerStore,
  log: Logger,
  options: SyncOptions = {},
): Promise<Synced> {
  const seen = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await readPage(crm, cursor, log, options);
    if (page.customers.length > 0) {
      await store.upsert(page.customers);
    }
    for (const customer of page.customers) {
      seen.add(customer.id);
    }
    cursor = page.next;
  } while (cursor !== undefined);
  const removed = await store.removeAllBut(seen);
  log.info({ stored: seen.size, removed }, "customers synced");
  return { stored: seen.size, removed };
}

/** A page, tried again with growing waits and jitter. */
async function readPage(crm: Crm, cursor: string | undefined, log: Logger, options: SyncOptions): Promise<Page> {
  const { sleep = delay, random = Math.random } = options;
  for (let attempt = 1; ; attempt++) {
    try {
      return await crm.page(cursor);
    } catch (error) {
      if (attempt === ATTEMPTS) {
        log.error({ err: error, cursor }, "page of customers not read, keeping what there is");
        return { customers: [], next: undefined };
      }
      log.warn({ err: error, cursor, attempt }, "page of customers not read, trying again");
    }
    await sleep(random() * FIRST_WAIT_MS * 2 ** (attempt - 1));
  }
}
