/** Which number of 01/03/2026 is the day: the first one, or the second. */
export const dateOrders = ['day-first', 'month-first'] as const;
export type DateOrder = (typeof dateOrders)[number];

/**
 * The order that the dates of one column share. `mixed`: some are possible day first alone, others month first alone.
 */
export type ColumnOrder = DateOrder | 'unknown' | 'mixed';

export type DateFault = 'not-a-date' | 'two-digit-year' | 'order-unknown' | 'orders-mixed';

export type ReadDate =
  | { readonly at: Date; readonly fault?: undefined }
  | { readonly at?: undefined; readonly fault: DateFault };

/** One date in each form that {@link readDate} reads, for an error that says what is allowed. */
export const dateForms = ['2026-03-01', '2026-03-01T12:00Z', '25/03/2026', '25.3.2026'] as const;

/**
 * The date that a cell of a file names: RFC 3339 with its offset, a day such as 2026-03-01, or 01/03/2026 with slashes,
 * dots or hyphens, whose order `order` says. A day begins at midnight UTC. Nothing is guessed: what names no date, or
 * two, is a fault.
 */
export function readDate(text: string, order: ColumnOrder = 'unknown'): ReadDate {
  const instant = readInstant(text);
  if (instant) return { at: instant };
  const numbers = numbersOf(text);
  if (!numbers) return { fault: 'not-a-date' };
  if (numbers.year.length === 2) return { fault: 'two-digit-year' };
  return readIn(order, numbers);
}

function readIn(order: ColumnOrder, numbers: Numbers): ReadDate {
  const readings = dateOrders.flatMap((order) => {
    const at = readAs(order, numbers);
    return at ? [{ one: order, at }] : [];
  });
  const [first, second] = readings;
  if (!first) return { fault: 'not-a-date' };
  if (first.at.getTime() === second?.at.getTime()) return { at: first.at };
  if (order === 'mixed') return { fault: 'orders-mixed' };
  if (order === 'unknown') return second ? { fault: 'order-unknown' } : { at: first.at };
  const reading = readings.find(({ one }) => one === order);
  return reading ? { at: reading.at } : { fault: 'not-a-date' };
}

/**
 * The order of a column after one more of its cells: fold it over all of them. A cell that is possible in one order alone
 * settles an unknown order, and contradicts the other one.
 */
export function orderAfter(order: ColumnOrder, text: string): ColumnOrder {
  const numbers = numbersOf(text);
  const possible = numbers ? dateOrders.filter((order) => readAs(order, numbers)) : [];
  const [only] = possible;
  if (only === undefined || possible.length > 1 || order === only) return order;
  return order === 'unknown' ? only : 'mixed';
}

const instantForm =
  /^(\d{4}-\d\d-\d\d)(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d))?$/;

/** RFC 3339 with its offset, or a day, which begins at midnight UTC; undefined for all else, such as 31 February. */
export function readInstant(text: string): Date | undefined {
  const [, day = ''] = instantForm.exec(text) ?? [];
  return dayOf(day) && new Date(text);
}

/** `Date` reads 2026-02-31 as 3 March, so a day counts only if it is written as it was read. */
function dayOf(text: string): Date | undefined {
  const at = new Date(text);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text) ? at : undefined;
}

interface Numbers {
  readonly first: string;
  readonly second: string;
  /** Two digits or four */
  readonly year: string;
}

function numbersOf(text: string): Numbers | undefined {
  const [, first, , second, year] = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})$/.exec(text) ?? [];
  return first !== undefined && second !== undefined && year !== undefined
    ? { first, second, year }
    : undefined;
}

function readAs(order: DateOrder, { first, second, year }: Numbers): Date | undefined {
  if (year.length < 4) return undefined;
  const [day, month] = order === 'day-first' ? [first, second] : [second, first];
  return dayOf(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`);
}
