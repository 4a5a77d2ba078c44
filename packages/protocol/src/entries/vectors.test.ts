import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { codeOf } from '../../tests/fixtures.ts';
import { utf8 } from '../bytes.ts';
import {
  detailDigest,
  detailOf,
  entryLeafHash,
  entrySchema,
  entryTable,
  isEntryType,
  openingSchema,
  pairEntryTypes,
  publicEntryTypes,
  sanctionEntryTypes,
  verifyOpening,
  type EntryType,
  type Opening,
} from './index.ts';
import { jcs } from '../json.ts';

// Entries as a registry wrote them, one of each shape: a log is read for as long as anybody has a copy of it, so what is
// once written is accepted and hashed like this for ever.

interface Vector {
  /** JCS: the bytes of the leaf */
  readonly entry: string;
  /** RFC 6962 leaf hash, hex */
  readonly leaf: string;
  /** The opening of a sealed entry, without the entry */
  readonly opening?: Omit<Opening, 'entry'>;
}

const path = new URL('../../vectors/entries.json', import.meta.url);
const vectors = (JSON.parse(readFileSync(path, 'utf8')) as Vector[]).map((vector, at) => ({
  at,
  ...vector,
  type: entrySchema.parse(JSON.parse(vector.entry)).type,
}));
const sealed = vectors.flatMap(({ entry, opening, ...rest }) =>
  opening ? [{ entry, opening, ...rest }] : [],
);

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const read = (text: string) => entrySchema.parse(JSON.parse(text));

test('every type of entry has a vector, and every sealed one what opens it', () => {
  const isSealed: readonly string[] = [...sanctionEntryTypes, ...pairEntryTypes];
  const all = [...isSealed, ...publicEntryTypes, 'calls'];
  expect([...new Set(vectors.map(({ type }) => type))].toSorted()).toEqual(all.toSorted());
  expect([...new Set(sealed.map(({ type }) => type))].toSorted()).toEqual(isSealed.toSorted());
});

describe.each(vectors)('$at $type', ({ entry, leaf }) => {
  test('is read as it was written', () => {
    expect(jcs(read(entry))).toBe(entry);
    expect(hex(entryLeafHash(read(entry)))).toBe(leaf);
  });

  test('is another leaf where one byte is another', () => {
    const { at } = read(entry);
    const other = entry.replace(at, at.replace('20', '21'));
    expect(utf8(other).length).toBe(utf8(entry).length);
    expect(hex(entryLeafHash(read(other)))).not.toBe(leaf);
  });
});

test.each(sealed)('$type is opened by what opened it', ({ entry, opening }) => {
  const whole = { entry: read(entry), ...opening };
  expect(openingSchema.parse(whole)).toEqual(whole);
  const digest = detailDigest(opening.entrySalt!, opening.detail!);
  expect(whole.entry).toMatchObject({ digest });
  verifyOpening(whole);
});

test('the table defines the types that are named, and no other', () => {
  const named = [...sanctionEntryTypes, ...pairEntryTypes, ...publicEntryTypes];
  expect(Object.keys(entryTable).toSorted()).toEqual(named.toSorted());
});

const shapeOf = (type: EntryType): Readonly<Record<string, z.ZodType>> =>
  entryTable[type].detail.shape;

const details = vectors.flatMap(({ type, entry, opening, at }) => {
  const whole = read(entry);
  const detail = 'detail' in whole ? whole.detail : opening?.detail;
  return detail && isEntryType(type) ? [{ at, type, detail }] : [];
});

describe.each(details)('$at $type', ({ type, detail }) => {
  test('has what the table says, and nothing that it does not say', () => {
    expect(entryTable[type].detail.strict().parse(detail)).toEqual(detail);
    expect(detailOf(type, { type, detail })).toEqual(detail);
  });

  test('is read with a member that a later version adds, as it was received', () => {
    const later = { ...detail, later: { added: ['by', null] } };
    expect(detailOf(type, { type, detail: later })).toEqual(later);
  });

  test('is not read without what the table says', () => {
    for (const name of Object.keys(detail)) {
      const { [name]: _, ...less } = detail;
      const isOptional = shapeOf(type)[name]?.safeParse(undefined).success === true;
      expect(detailOf(type, { type, detail: less }) !== undefined).toBe(isOptional);
    }
  });
});

test('no detail opens an entry with a member more, or less', async () => {
  for (const { entry, opening } of sealed) {
    const { detail = {} } = opening;
    const others = Object.keys(detail).map((name) => {
      const { [name]: _, ...less } = detail;
      return less;
    });
    for (const other of [...others, { ...detail, more: null }]) {
      const changed = { entry: read(entry), ...opening, detail: other };
      expect(await codeOf(() => verifyOpening(changed))).toBe('opening-mismatch');
    }
  }
});
