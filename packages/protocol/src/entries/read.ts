import { entryTable, type EntryDetail } from './table.ts';
import type { EntryType } from './types.ts';

/** An entry whose detail can be read: it is public, or an opening opened it. */
export interface ReadableEntry {
  readonly type: string;
  readonly detail?: unknown;
}

/** One function for each type of entry that a reader cares about. It gets the detail and `entry` as it was read. */
export type EntryReaders<E, R, Rest extends readonly unknown[] = []> = {
  readonly [T in EntryType]?: (detail: EntryDetail<T>, entry: E, ...rest: Rest) => R;
};

/**
 * The detail of an entry of one type.
 * @returns undefined for another type, and for a detail that the table refuses: no registry writes one
 */
export function detailOf<T extends EntryType>(
  type: T,
  entry: ReadableEntry,
): EntryDetail<T> | undefined {
  if (entry.type !== type) return undefined;
  const { data } = entryTable[type].detail.safeParse(entry.detail);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the schema of the same row of the table read it
  return data as EntryDetail<T> | undefined;
}

/**
 * Reads an entry by the function for its type.
 * @returns undefined where there is none, and for a detail that the table refuses
 */
export function readEntry<E extends ReadableEntry, R, Rest extends readonly unknown[]>(
  readers: EntryReaders<E, R, Rest>,
  entry: E,
  ...rest: Rest
): R | undefined {
  const { type } = entry;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is called with what the row of its own type read
  const reader = (isEntryType(type) ? readers[type] : undefined) as Reader<E, R, Rest> | undefined;
  const detail = reader && isEntryType(type) ? detailOf(type, entry) : undefined;
  return detail && reader?.(detail, entry, ...rest);
}

type Reader<E, R, Rest extends readonly unknown[]> = (detail: object, entry: E, ...rest: Rest) => R;

/** Whether it is a type with a detail. Own properties only: the name is attacker-controlled. */
export const isEntryType = (type: string): type is EntryType => Object.hasOwn(entryTable, type);
