import type { PostgresType } from 'postgres';

/**
 * One-dimensional arrays of the types in use, for postgres.js, by the OID of the array. It could ask PostgreSQL for them, on
 * every connection anew; see `Session` for why it does not.
 */
export const arrayTypes = (
  parseBigint: (text: string) => number,
): Record<string, PostgresType> => ({
  booleans: arrayType(1000, (text) => text === 't'),
  byteas: arrayType(1001, (text) => Buffer.from(text.slice(2), 'hex')),
  integers: arrayType(1007, Number),
  texts: arrayType(1009, String),
  bigints: arrayType(1016, parseBigint),
  instants: arrayType(1185, (text) => new Date(text)),
});

function arrayType(oid: number, parse: (text: string) => unknown): PostgresType {
  return {
    to: oid,
    from: [oid],
    serialize: (items: unknown) => (Array.isArray(items) ? writeArray(items) : items),
    parse: (text: string) => readArray(text).map((item) => (item === null ? null : parse(item))),
  };
}

const writeArray = (items: readonly unknown[]): string => `{${items.map(writeItem).join(',')}}`;

function writeItem(item: unknown): string {
  if (item === null) return 'null';
  return `"${textOf(item).replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

function textOf(item: unknown): string {
  if (typeof item === 'string') return item;
  if (item instanceof Date) return item.toISOString();
  if (item instanceof Uint8Array) return `\\x${Buffer.from(item).toString('hex')}`;
  if (typeof item === 'number' || typeof item === 'boolean') return String(item);
  throw new TypeError('no item of an array');
}

/** Items stand bare or in quotes, with `\` before what would end them; a bare NULL is none. */
function readArray(text: string): (string | null)[] {
  const items = text.slice(1, -1).match(/"(?:[^"\\]|\\.)*"|[^,]+/gs) ?? [];
  return items.map((item) => {
    if (item === 'NULL') return null;
    return item.startsWith('"') ? item.slice(1, -1).replaceAll(/\\(.)/gs, '$1') : item;
  });
}
