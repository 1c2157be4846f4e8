import type { Logger } from "pino";
import type { Crm, Customer } from "./crm";
import type { CustomerStore } from "./store";

export interface Synced {
  stored: number;
  removed: number;
}

/** Makes the store hold the customers of the CRM, and no others. Rejects, having changed nothing, when a page fails. */
export async function syncCustomers(crm: Crm, store: CustomerStore, log: Logger): Promise<Synced> {
  const customers: Customer[] = [];
  let cursor: string | undefined;
  do {
    const page = await crm.page(cursor);
    customers.push(...page.customers);
    cursor = page.next;
  } while (cursor !== undefined);
  await store.upsert(customers);
  const removed = await store.removeAllBut(new Set(customers.map((customer) => customer.id)));
  log.info({ stored: customers.length, removed }, "customers synced");
  return { stored: customers.length, removed };
}
