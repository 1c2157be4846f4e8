import type { Pool } from "pg";
import type { Customer } from "./crm";

export interface CustomerStore {
  upsert(customers: readonly Customer[]): Promise<void>;
  /** Removes everybody else, with their addresses and notes. How many those were. */
  removeAllBut(ids: ReadonlySet<string>): Promise<number>;
}

export class PostgresStore implements CustomerStore {
  constructor(private readonly pool: Pool) {}

  async upsert(customers: readonly Customer[]): Promise<void> {
    await this.pool.query(
      `INSERT INTO customers (id, name, email)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[])
       ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email`,
      [customers.map((c) => c.id), customers.map((c) => c.name), customers.map((c) => c.email)],
    );
  }

  async removeAllBut(ids: ReadonlySet<string>): Promise<number> {
    const result = await this.pool.query("DELETE FROM customers WHERE NOT id = ANY($1::text[])", [[...ids]]);
    return result.rowCount ?? 0;
  }
}
