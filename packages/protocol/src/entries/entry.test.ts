import { createHash, createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { bytes32, codeOf, platformA, platformB, sanctionA } from '../../tests/fixtures.ts';
import { fromBase64url, toBase64url } from '../bytes.ts';
import {
  changesRoot,
  detailDigest,
  disclosurePair,
  entryLeafHash,
  entrySchema,
  openingSchema,
  pairEntryTypes,
  publicEntryTypes,
  recallsOwed,
  sanctionEntryTypes,
  sanctionRef,
  verifyOpening,
  type Entry,
  type Opening,
} from './index.ts';

const at = '2026-03-01T12:00:00Z';
const salt = bytes32(1);
const pairSalt = bytes32(2);
const entrySalt = bytes32(3);
const detail = { cause: 'error', n: 1 };
const digest = detailDigest(entrySalt, detail);
const ref = sanctionRef(salt, sanctionA);
const pair = disclosurePair(pairSalt, { sanction: sanctionA, party: platformA });

const ofSanction: Entry = { v: 1, at, type: 'sanction-submitted', ref, digest };
const ofPair: Entry = { v: 1, at, type: 'sanction-disclosed', pair, digest };
const ofPublic: Entry = { v: 1, at, type: 'taxonomy', detail: { version: '1' } };
const ofCalls: Entry = { v: 1, at, type: 'calls', count: 1, root: bytes32(9) };

test('ref, pair and digest are the hashes of section 7', () => {
  const hash = (prefix: string, s: string) =>
    createHash('sha256').update(prefix).update(fromBase64url(s));
  expect(ref).toBe(hash('recourse/ref/1', salt).update(sanctionA).digest('base64url'));
  const both = hash('recourse/pair/1', pairSalt).update(sanctionA).update(platformA);
  expect(pair).toBe(both.digest('base64url'));
  const mac = createHmac('sha256', fromBase64url(entrySalt)).update('{"cause":"error","n":1}');
  expect(digest).toBe(mac.digest('base64url'));
});

test('a digest does not depend on the order of members', () => {
  expect(detailDigest(entrySalt, { n: 1, cause: 'error' })).toBe(digest);
});

test('the leaf of an entry is SHA-256(0x00 || JCS) (RFC 6962)', () => {
  const jcs = `{"at":"${at}","count":1,"root":"${bytes32(9)}","type":"calls","v":1}`;
  const expected = createHash('sha256').update(Uint8Array.of(0)).update(jcs).digest('base64url');
  expect(toBase64url(entryLeafHash(ofCalls))).toBe(expected);
  expect(changesRoot([ofCalls])).toBe(expected);
});

test('the root of changes depends on each entry and on their order', () => {
  const roots = [
    [ofSanction, ofPair],
    [ofPair, ofSanction],
    [ofSanction],
    [ofSanction, ofPair, ofCalls],
  ].map(changesRoot);
  expect(new Set(roots).size).toBe(4);
});

test('recalls owed have one root, whatever the order they are found in', () => {
  const pairs = [bytes32(9), bytes32(250), bytes32(0)];
  expect(recallsOwed(pairs.toReversed())).toEqual(recallsOwed(pairs));
  expect(recallsOwed(pairs).count).toBe(3);
  expect(recallsOwed(pairs.slice(1)).root).not.toBe(recallsOwed(pairs).root);
  expect(recallsOwed([])).toEqual({ count: 0, root: createHash('sha256').digest('base64url') });
});

describe('the schema', () => {
  test.each<[string, Entry]>([
    ...sanctionEntryTypes.map((type): [string, Entry] => [type, { ...ofSanction, type }]),
    ...pairEntryTypes.map((type): [string, Entry] => [type, { ...ofPair, type }]),
    ...publicEntryTypes.map((type): [string, Entry] => [type, { ...ofPublic, type }]),
    ['calls', ofCalls],
    [
      'an early end',
      { ...ofSanction, type: 'sanction-ended', cause: 'early', recalls: recallsOwed([pair]) },
    ],
    ['an acknowledgement', { ...ofPair, type: 'recall-acknowledged', ack: bytes32(4) }],
  ])('reads %s', (_, entry) => {
    expect(entrySchema.parse(entry)).toEqual(entry);
  });

  test.each<[string, unknown]>([
    ['a disclosure with a ref, by which a creator could be followed', { ...ofPair, ref }],
    ['an entry of a sanction with a pair', { ...ofSanction, pair }],
    ['a sanction in clear', { ...ofSanction, sanction: sanctionA }],
    ['a detail beside a digest', { ...ofSanction, detail }],
    ['a public entry with a digest', { ...ofPublic, digest }],
    ['calls with detail', { ...ofCalls, detail }],
    ['a group of no calls', { ...ofCalls, count: 0 }],
    ['an entry without digest', { v: 1, at, type: 'claim', ref }],
    ['a cause of its own', { ...ofSanction, cause: 'politics' }],
    ['another version', { ...ofCalls, v: 2 }],
    ['an unknown type', { ...ofPublic, type: 'note' }],
    ['a time that is no UTC', { ...ofCalls, at: '2026-03-01T12:00:00+01:00' }],
  ])('refuses %s', (_, entry) => {
    expect(entrySchema.safeParse(entry).success).toBe(false);
  });

  test('every type is in one list only', () => {
    const all = [...sanctionEntryTypes, ...pairEntryTypes, ...publicEntryTypes, 'calls'];
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('an opening', () => {
  const sanctionOpening: Opening = {
    entry: ofSanction,
    sanction: sanctionA,
    refSalt: salt,
    entrySalt,
    detail,
  };
  const pairOpening: Opening = {
    entry: ofPair,
    sanction: sanctionA,
    party: platformA,
    pairSalt,
    entrySalt,
    detail,
  };

  test.each<[string, Opening]>([
    ['a sanction', sanctionOpening],
    ['a disclosure', pairOpening],
    ['a public entry', { entry: ofPublic }],
    ['calls', { entry: ofCalls }],
  ])('opens the entry of %s', (_, opening) => {
    expect(openingSchema.parse(opening)).toEqual(opening);
    verifyOpening(opening);
  });

  test.each<[string, Opening]>([
    ['of another sanction', { ...sanctionOpening, sanction: `${sanctionA.slice(0, -1)}1` }],
    ['of another ref salt', { ...sanctionOpening, refSalt: pairSalt }],
    ['of another entry salt', { ...sanctionOpening, entrySalt: salt }],
    ['of another detail', { ...sanctionOpening, detail: { ...detail, cause: 'victim' } }],
    ['of more detail', { ...sanctionOpening, detail: { ...detail, more: 1 } }],
    ['of less detail', { ...sanctionOpening, detail: { n: 1 } }],
    ['of another disclosure', { ...pairOpening, party: platformB }],
    ['of another pair salt', { ...pairOpening, pairSalt: salt }],
    [
      'of a disclosure of another sanction',
      { ...pairOpening, sanction: `${sanctionA.slice(0, -1)}1` },
    ],
    ['of a disclosure with another detail', { ...pairOpening, detail: {} }],
  ])('%s is refused', async (_, opening) => {
    expect(await codeOf(() => verifyOpening(opening))).toBe('opening-mismatch');
  });

  test('with a part left out is refused', async () => {
    for (const whole of [sanctionOpening, pairOpening]) {
      for (const member of Object.keys(whole)) {
        if (member === 'entry') continue;
        const part = { ...whole, [member]: undefined };
        expect(await codeOf(() => verifyOpening(part))).toBe('opening-mismatch');
      }
    }
  });
});
