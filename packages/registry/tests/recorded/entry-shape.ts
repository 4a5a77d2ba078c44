import type { Entry, Json } from '@recourse/protocol';

/** The members of an entry and of its detail, each with its kind: all that two entries of one writer share. */
export function entryShape(entry: Entry, opened?: Readonly<Record<string, Json>>): string {
  const { detail, ...rest } = { detail: opened, ...entry };
  return JSON.stringify([entry.type, shapeOf(rest), detail === undefined ? null : shapeOf(detail)]);
}

function shapeOf(value: unknown): unknown {
  if (value === null) return 'null';
  if (Array.isArray(value)) {
    const shapes = new Set(value.map((one) => JSON.stringify(shapeOf(one))));
    return [...shapes].toSorted().map((shape): unknown => JSON.parse(shape));
  }
  if (typeof value !== 'object') return typeof value;
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, shapeOf(member)]));
}
