import { readFileSync } from 'node:fs';
import { parseEntryBundle } from '@recourse/ledger';
import {
  entrySchema,
  entryTable,
  fromBase64url,
  fromUtf8,
  isEntryType,
  openingSchema,
  pairEntryTypes,
  publicEntryTypes,
  sanctionEntryTypes,
  type Entry,
  type Opening,
} from '@recourse/protocol';
import { Vault } from '@recourse/registry';
import { expect, test } from 'vitest';
import { entryShape } from './recorded/entry-shape.ts';
import { readRecording } from './recorded/recording.ts';
import { placeOf } from '../src/vault/vault.ts';

const { keys, copies, files } = readRecording();

interface Vector {
  readonly entry: string;
  readonly opening?: Pick<Opening, 'detail'>;
}

const path = new URL('../../protocol/vectors/entries.json', import.meta.url);
const vectors = JSON.parse(readFileSync(path, 'utf8')) as Vector[];
const known = new Set(
  vectors.map(({ entry, opening }) =>
    entryShape(entrySchema.parse(JSON.parse(entry)), opening?.detail),
  ),
);

/** Every entry of the recorded log, in order. */
function logged(): Entry[] {
  const size = Number(fromUtf8(files.get('checkpoint')!).split('\n')[1]);
  const bundles = [...files].filter(([name]) => name.startsWith('tile/entries/'));
  const entries = bundles.flatMap(([, bytes], index) =>
    parseEntryBundle(bytes, Math.min(256, size - index * 256)),
  );
  return entries.map((bytes) => entrySchema.parse(JSON.parse(fromUtf8(bytes))));
}

/** What opens the entries of cases that were not erased. */
function opened(): Opening[] {
  const vault = new Vault(fromBase64url(keys.vaultKey));
  const { openings, case_keys: caseKeys } = copies.at(-1)!;
  const bytesOf = (hex: unknown): Buffer => Buffer.from(String(hex).slice(2), 'hex');
  const wrapped = new Map(caseKeys!.rows.map((row) => [row['sanction'], bytesOf(row['wrapped'])]));
  return openings!.rows.flatMap((row) => {
    const [sanction, kid, jti] = [row['sanction'], row['kid'], row['jti']].map(String);
    const key = wrapped.get(row['sanction']);
    if (!key) return [];
    const caseKey = vault.openCase({ sanction: sanction!, wrapped: key });
    const place = placeOf('openings.opening', {
      kid: kid!,
      jti: jti!,
      position: Number(row['position']),
    });
    return [openingSchema.parse(caseKey.openJson(bytesOf(row['opening']), place))];
  });
}

/** Of the parties that tests seed, as no call would write it. */
const seeds = new Set(['party-registered', 'limits', 'taxonomy', 'reviewer-added']);
const isSeed = (entry: Entry): boolean =>
  seeds.has(entry.type) && 'detail' in entry && !('call' in entry.detail);

test('whatever was logged of a registry has a vector of its shape', () => {
  const shapes = [
    ...logged().flatMap((entry) => ('digest' in entry || isSeed(entry) ? [] : entryShape(entry))),
    ...opened().map(({ entry, detail }) => entryShape(entry, detail)),
  ];
  expect(shapes.length).toBeGreaterThan(1_500);
  expect([...new Set(shapes)].filter((shape) => !known.has(shape))).toEqual([]);
});

test('and a detail that has what the table of entries says, and nothing else', () => {
  const details = [
    ...logged().flatMap((entry) => ('detail' in entry ? [entry] : [])),
    ...opened().map(({ entry: { type }, detail }) => ({ type, detail })),
  ];
  const beyond = details.filter(
    ({ type, detail }) =>
      !isEntryType(type) || !entryTable[type].detail.strict().safeParse(detail).success,
  );
  expect(details.length).toBeGreaterThan(600);
  expect(beyond).toEqual([]);
});

test('the recording has entries of every type but what only a recovery writes', () => {
  const types = new Set(logged().map(({ type }) => type));
  const all = [...sanctionEntryTypes, ...pairEntryTypes, ...publicEntryTypes, 'calls'] as const;
  expect(all.filter((type) => !types.has(type))).toEqual(['restored']);
});
