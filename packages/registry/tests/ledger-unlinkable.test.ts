import {
  detailDigest,
  disclosurePair,
  entryLeafHash,
  isJsonObject,
  jcs,
  openingSchema,
  parseStrictJson,
  recallsOwed,
  sanctionRef,
  toBase64url,
  utf8,
  verifyOpening,
  type Entry,
  type Id,
  type Json,
  type OpInput,
  type OpName,
  type Opening,
  type OpOutput,
} from '@recourse/protocol';
import { type TestPlatform, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { listParties, partyKeys } from '../src/parties/directory.ts';
import { newCase, startAppealRegistry, type TestCase } from './appeals-harness.ts';
import { proveAll } from './cases-fixture.ts';
import { newElement, resultOf } from './checks-fixture.ts';
import { payloadOf } from './safety-harness.ts';
import { withdraw } from './sanctions-harness.ts';

// Two platforms, A and B, are told of one sanction. Everything that A was ever given (each call that it signed, each
// answer with its receipt, its openings, its events, the public documents) and the whole public log are searched for
// the entries of B's disclosure. The searches are those of `search`: by name, by an equal value, and by making every
// commitment anew with whatever A has that could be a salt.

let registry: TestRegistry;
let mine: TestCase;
let a: Told;
let b: Told;
beforeAll(async () => {
  registry = await startAppealRegistry();
  mine = await newCase(registry, { told: [] });
  const { tubely, market } = registry.parties;
  [a, b] = [new Told(tubely), new Told(market)];
  await a.askAbout(mine.tokens[0]!);
  await b.askAbout(mine.tokens[0]!);
  // Of the same shape, about somebody else: what is found of B alone is found by more than shape.
  const other = await newCase(registry, { told: [market] });
  await withdraw(registry, other.sanction);
});
afterAll(() => registry.close());

/** A platform that writes down everything it is given. */
class Told {
  readonly platform: TestPlatform;
  readonly given: string[] = [];

  constructor(platform: TestPlatform) {
    this.platform = platform;
  }

  async call<N extends OpName>(op: N, input: OpInput<N>): Promise<OpOutput<N>> {
    const compact = await registry.sign(this.platform.service, { op, in: input });
    const answer = await registry.send(op, compact);
    this.given.push(compact, answer.raw.body, answer.raw.receipt ?? '');
    return resultOf(answer) as OpOutput<N>;
  }

  async askAbout(token: string): Promise<void> {
    const provenAt = Math.floor(registry.now().getTime() / 1000);
    const asked = { epochs: [1], blinded: [newElement()], provenAt };
    const { check } = await this.call('checks.evaluate', { purpose: 'signup', ...asked });
    await this.call('checks.match', { check, tokens: [{ epoch: 1, token }] });
  }

  /** All that the registry tells it of the sanction and of itself, and what it tells everybody. */
  async readEverything(sanction: Id<'snc'>): Promise<void> {
    await this.call('sanctions.status', { sanction });
    await this.call('recalls.list', { all: true });
    await this.call('checks.owed', {});
    await this.call('events.poll', { returnImmediately: true });
    this.given.push(JSON.stringify(await listParties(registry.db, registry.now())));
    for (const id of [this.platform.id, registry.parties.harbour.id, registry.parties.market.id]) {
      this.given.push(JSON.stringify(await partyKeys(registry.db, id)));
    }
  }

  /** Its openings of the sanction, once there are so many. */
  openings(sanction: string, count: number): Promise<Opening[]> {
    return vi.waitFor(
      async () => {
        const { openings } = await this.call('ledger.openings', { limit: 100 });
        const own = openings.flatMap((opening) => ('opening' in opening ? opening.opening : []));
        const recordOpenings = own.filter((opening) => opening.sanction === sanction);
        if (recordOpenings.length !== count) throw new Error(`${recordOpenings.length} openings`);
        return recordOpenings;
      },
      { timeout: 30_000 },
    );
  }

  async acknowledge(sanction: string): Promise<void> {
    const { recalls } = await this.call('recalls.list', {});
    const recall = recalls.find((recall) => recall.sanction === sanction)!.recall;
    await this.call('recalls.acknowledge', { recall, action: 'never-acted', copies: 'deleted' });
  }
}

const publicLog = async (): Promise<Entry[]> =>
  (await registry.pendingEntries()).map((entry) => parseStrictJson(utf8(entry)) as Entry);

/** Every 32 bytes as base64url in a text and in what is encoded in it: hashes, salts, tokens, keys. */
function values(text: string, depth = 3): Set<string> {
  const runs = text.match(/[A-Za-z0-9_-]{22,}/g) ?? [];
  const found = new Set(runs.filter((run) => run.length === 43));
  if (depth === 0) return found;
  for (const run of runs) {
    const inner = Buffer.from(run, 'base64url').toString('latin1');
    for (const value of values(inner, depth - 1)) found.add(value);
  }
  return found;
}

/** Every JSON object in a text, in the payloads of what is signed in it too: what a detail could be. */
function objects(json: Json, depth = 4): Record<string, Json>[] {
  if (typeof json === 'string') {
    const isJws = /^[\w-]+\.[\w-]+\.[\w-]+$/.test(json);
    return isJws && depth > 0 ? objects(payloadOf(json) as Json, depth - 1) : [];
  }
  if (typeof json !== 'object' || json === null) return [];
  const inside = Object.values(json).flatMap((value) => objects(value, depth));
  return Array.isArray(json) ? inside : [json, ...inside];
}

const parsed = (text: string): Json => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
};

const members = ['ref', 'pair', 'digest', 'ack', 'root'] as const;
const valuesOf = (entry: Entry): string[] =>
  members.flatMap(
    (member) => (entry as Partial<Record<(typeof members)[number], string>>)[member] ?? [],
  );
const leafOf = (entry: Entry): string => toBase64url(entryLeafHash(entry));

interface KnownFacts {
  readonly given: readonly string[];
  readonly own: readonly Opening[];
  readonly sanction: string;
  /** Whose entries are looked for */
  readonly party: string;
}

/** What A finds of a party in the log, by search; its own entries are what it holds already. */
function search(log: readonly Entry[], { given, own, sanction, party }: KnownFacts) {
  const held = values(given.join('\n'));
  const salts = [...held];
  const ownLeaves = new Set(own.map(({ entry }) => leafOf(entry)));
  // Its receipts name the `calls` of its own calls.
  const isOwn = (entry: Entry): boolean =>
    ownLeaves.has(leafOf(entry)) || (entry.type === 'calls' && held.has(leafOf(entry)));
  const others = log.filter((entry) => !('detail' in entry) && !isOwn(entry));
  const pairs = new Set(salts.map((salt) => disclosurePair(salt, { sanction, party })));
  const refs = new Set(salts.map((salt) => sanctionRef(salt, sanction)));
  const details = detailsIn(given);
  const digests = new Set(
    salts.flatMap((salt) => details.map((detail) => detailDigest(salt, detail))),
  );
  const hits = (isHit: (entry: Entry) => boolean): Entry[] => others.filter(isHit);
  return {
    byName: hits((entry) => [sanction, party].some((name) => jcs(entry).includes(name))),
    byValue: hits((entry) => [...valuesOf(entry), leafOf(entry)].some((value) => held.has(value))),
    byPair: hits((entry) => 'pair' in entry && pairs.has(entry.pair)),
    byRef: hits((entry) => 'ref' in entry && refs.has(entry.ref)),
    byDigest: hits((entry) => 'digest' in entry && digests.has(entry.digest)),
    salts: salts.length,
  };
}

/** Details of A's own entries, and those of anybody else that A can write down without knowing an id. */
function detailsIn(texts: readonly string[]): Record<string, Json>[] {
  const seen = texts.flatMap((text) => objects(parsed(text)));
  const own = seen.flatMap(({ detail }) => (isJsonObject(detail) ? [detail] : []));
  const guesses = [1, 2, 3].map((version) => ({ version }));
  const unique = new Map([...own, ...guesses].map((detail) => [jcs(detail), detail]));
  return [...unique.values()];
}

const nothing = { byName: [], byValue: [], byPair: [], byRef: [], byDigest: [] };

describe('the entries of another disclosure of the same sanction', () => {
  test('are not found by whoever was told too, while it stands', async () => {
    const own = await a.openings(mine.sanction, 1);
    await a.readEverything(mine.sanction);
    const known = { given: a.given, own, sanction: mine.sanction };
    const log = await publicLog();
    const { salts, ...found } = search(log, { ...known, party: b.platform.id });
    expect(found).toEqual(nothing);
    expect(salts).toBeGreaterThan(20);
    // The search finds what it looks for: with its own id and salt, and only then, its own entries.
    const self = search(log, { ...known, own: [], party: a.platform.id });
    expect(self.byPair.map(leafOf)).toEqual(own.map(({ entry }) => leafOf(entry)));
    expect(self.byDigest.map(leafOf)).toEqual(own.map(({ entry }) => leafOf(entry)));
    // And there is something to be found.
    const [theirs] = await b.openings(mine.sanction, 1);
    expect(log.map(leafOf)).toContain(leafOf(theirs!.entry));
  });

  test('name nobody after a recall, though entries of one recall stand together', async () => {
    await withdraw(registry, mine.sanction);
    await a.acknowledge(mine.sanction);
    await b.acknowledge(mine.sanction);
    const own = await a.openings(mine.sanction, 3);
    await a.readEverything(mine.sanction);
    const log = await publicLog();
    for (const party of [b.platform.id, registry.parties.harbour.id]) {
      const known = { given: a.given, own, sanction: mine.sanction, party };
      const { salts: _, ...found } = search(log, known);
      expect(found).toEqual(nothing);
    }
    // What remains: the recalls of one change stand beside each other, as anybody must be able to verify, and its
    // root confirms a guess at the pairs. So A learns that somebody else was told, when, and when they answered.
    const theirs = (await b.openings(mine.sanction, 3)).map(({ entry }) => leafOf(entry));
    expect(linkedByRecall(log, own).map(leafOf).toSorted()).toEqual(theirs.toSorted());
  });

  test('are all found by the creator, with the receipt of the case', async () => {
    await proveAll(registry, mine.key);
    const answer = await registry.caseCall('case.receipt', { key: mine.key });
    const openings = openingSchema.array().parse(answer.body.result.data.openings);
    openings.forEach((opening) => verifyOpening(opening));
    const log = (await publicLog()).map(leafOf);
    for (const { platform } of [a, b]) {
      const platformOpenings = openings.filter(({ party }) => party === platform.id);
      expect(platformOpenings.map(({ entry }) => entry.type).toSorted()).toEqual([
        'recall-acknowledged',
        'recall-issued',
        'sanction-disclosed',
      ]);
      for (const { entry } of platformOpenings) expect(log).toContain(leafOf(entry));
    }
    const theirs = await b.openings(mine.sanction, 3);
    const leaves = openings.map(({ entry }) => leafOf(entry));
    expect(leaves).toEqual(expect.arrayContaining(theirs.map(({ entry }) => leafOf(entry))));
  });
});

/** Entries of the pairs whose recalls stand in one row with an own one, and whose root the change has. */
function linkedByRecall(log: readonly Entry[], own: readonly Opening[]): Entry[] {
  const issued = own.find(({ entry }) => entry.type === 'recall-issued')!.entry;
  const at = log.findIndex((entry) => leafOf(entry) === leafOf(issued));
  const end = log.findIndex((entry, index) => index > at && 'recalls' in entry);
  const change = log[end]!;
  if (!('recalls' in change) || !change.recalls) throw new Error('no change');
  const pairs = log
    .slice(end - change.recalls.count, end)
    .map((entry) => 'pair' in entry && entry.pair);
  expect(recallsOwed(pairs.map(String))).toEqual(change.recalls);
  const [ownPair] = own.map(({ entry }) => 'pair' in entry && entry.pair);
  const theirs = new Set(pairs.filter((pair) => pair !== ownPair));
  return log.filter((entry) => 'pair' in entry && theirs.has(entry.pair));
}
