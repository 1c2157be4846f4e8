export interface Customer {
  id: string;
  name: string;
  email: string;
}

export interface Page {
  customers: Customer[];
  /** Where the next page begins; not there on the last. */
  next?: string;
}

export interface Crm {
  /** Up to 250 customers. Rejects after ten seconds, and when the CRM answers with an error. */
  page(cursor: string | undefined): Promise<Page>;
}
