import {
  orderAfter,
  readDate,
  readInstant,
  toDay,
  type ColumnOrder,
  type DateOrder,
} from '@recourse/protocol';
import { CliError } from '../errors.ts';
import { dateColumns, type Column, type Row } from './columns.ts';
import { readRows } from './read-rows.ts';

/**
 * Reads the file once through, since its last row may settle how the first one is read.
 * @param chosen what the person said of the file
 * @throws CliError `input-invalid` where a column can be read two ways and nobody chose
 */
export async function findDateOrders(
  file: string,
  chosen?: DateOrder,
): Promise<NonNullable<Row['orders']>> {
  const orders = new Map<Column, ColumnOrder>(
    dateColumns.map((column) => [column, chosen ?? 'unknown']),
  );
  const twoWays = new Set<Column>();
  for await (const { values } of readRows(file)) {
    for (const column of dateColumns) {
      const text = values[column] ?? '';
      orders.set(column, orderAfter(orders.get(column) ?? 'unknown', text));
      if (readDate(text).fault === 'order-unknown') twoWays.add(column);
    }
  }
  const open = [...twoWays].filter((column) => orders.get(column) === 'unknown');
  if (open.length === 0) return orders;
  throw new CliError('input-invalid', {
    message: `These columns have dates such as 01/03/2026, which can be read two ways: ${open.join(', ')}.`,
    next: 'Say which number is the day: --date-order day-first or --date-order month-first.',
  });
}

/** The rows with their dates in one spelling, so that two ways to write a day are one content. */
export async function* spelled(
  rows: AsyncIterable<Row>,
  orders: NonNullable<Row['orders']>,
): AsyncGenerator<Row> {
  for await (const row of rows) {
    const days = dateColumns.flatMap((column) => {
      const text = row.values[column] ?? '';
      const { at } = readInstant(text) ? {} : readDate(text, orders.get(column));
      return at ? [[column, toDay(at)]] : [];
    });
    yield { ...row, orders, values: { ...row.values, ...Object.fromEntries(days) } };
  }
}
