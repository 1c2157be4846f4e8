/** Amounts travel as whole cents; only pages show a decimal point. */
export type Cents = number & { readonly brand: unique symbol };

export function cents(value: number): Cents {
  if (!Number.isInteger(value)) {
    throw new RangeError(`not a whole number of cents: ${value}`);
  }
  return value as Cents;
}

export function format(amount: Cents, currency = "EUR", locale = "en-IE"): string {
  return new Intl.NumberFormat(locale, { style: "currency", currency }).format(amount / 100);
}

export function split(amount: Cents, parts: number): Cents[] {
  const share = Math.floor(amount / parts);
  const rest = amount - share * parts;
  return Array.from({ length: parts }, (_, index) => cents(share + (index < rest ? 1 : 0)));
}
