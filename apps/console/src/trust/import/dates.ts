import { orderAfter, readDate, type ColumnOrder, type DateOrder } from '@recourse/protocol';
import { issueText } from '../../parts/issues/issue-text.ts';

const dateFields = ['incident_from', 'incident_to', 'decided_at', 'proven_at'] as const;
export type DateField = (typeof dateFields)[number];
export type Dates = Readonly<Partial<Record<DateField, Date>>>;

/** In which order the column of each field has day and month. */
export type Orders = Readonly<Partial<Record<DateField, ColumnOrder>>>;

interface FoundOrders {
  readonly orders: Orders;
  /** A date of a column that no row settles: a person has to say how it is read */
  readonly example: string | undefined;
}

/** The order of each column, as its cells settle it. */
export function findOrders(cellsOf: (field: DateField) => readonly string[]): FoundOrders {
  const orders: Partial<Record<DateField, ColumnOrder>> = {};
  const examples = dateFields.map((field) => {
    const texts = cellsOf(field);
    const order = texts.reduce<ColumnOrder>(orderAfter, 'unknown');
    orders[field] = order;
    return texts.find((text) => readDate(text, order).fault === 'order-unknown');
  });
  return { orders, example: examples.find((text) => text !== undefined) };
}

/** The order that a person chose is that of the columns which no row settles. */
export const chosenFor = (orders: Orders, chosen: DateOrder | undefined): Orders =>
  Object.fromEntries(
    dateFields.map((field) => [
      field,
      orders[field] === 'unknown' ? (chosen ?? 'unknown') : orders[field],
    ]),
  );

/** The dates of one row, and what is wrong with the others, by field. */
export function datesIn(textOf: (field: DateField) => string, orders: Orders) {
  const dates: Partial<Record<DateField, Date>> = {};
  const faults: Partial<Record<DateField, string>> = {};
  for (const field of dateFields) {
    const { at, fault } = readDate(textOf(field), orders[field]);
    if (at) dates[field] = at;
    else if (textOf(field) !== '') faults[field] = issueText({ code: fault });
  }
  return { dates, faults };
}

const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone: 'UTC' });

/** A date as it will be signed, in words; its time of day where that is not midnight UTC. */
export function dateInWords(at: Date): string {
  const clock = time.format(at).replace(/:00$/, '');
  return clock === '00:00' ? day.format(at) : `${day.format(at)}, ${clock} UTC`;
}
