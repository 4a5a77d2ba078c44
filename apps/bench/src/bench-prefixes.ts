import { createHash, randomFillSync } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  digestOf,
  prefixBits,
  PrefixSet,
  PrefixTally,
  type SetChanges,
} from '@recourse/blind/prefixes';
import type { BenchOptions } from './bench-calls.ts';
import { watchLoop } from './event-loop.ts';
import { atLeast, atMost, progress, round, type Report } from './report.ts';
import { median } from './statistics.ts';

const sizes = [100_000, 1_000_000, 10_000_000, 30_000_000];
const asked = 200_000;
const changedShare = 0.001;
/** Rows that the registry reads at once while it counts all tokens. */
const readAtOnce = 20_000;

interface Figures {
  /** Bits an entry of the snapshot */
  readonly wire: number;
  /** Bytes an entry in memory */
  readonly memory: number;
  /** The same of a set and its successor, while both are there */
  readonly both: number;
  /** Microseconds of CPU */
  readonly lookup: number;
  /** Share of identifiers that are not listed and hit all the same */
  readonly hits: number;
  /** Bits a changed entry, as base64url */
  readonly delta: number;
  /** Milliseconds that the event loop was late, at most: on the server, for a member, and where it did nothing but turn */
  readonly lateServer: number;
  readonly lateMember: number;
  readonly lateAlone: number;
  /** Milliseconds of CPU between two turns of it, at most */
  readonly pauseServer: number;
  readonly pauseMember: number;
  /** Seconds until a set is built of its tokens, is led to its successor, is loaded by a member, and is led on there */
  readonly build: number;
  readonly publish: number;
  readonly load: number;
  readonly renew: number;
}

/** The prefix set by itself, in one process without a network: what it takes on the wire, in memory and in time. */
export async function benchPrefixes({ rounds }: BenchOptions): Promise<Report> {
  const measured = [];
  for (const size of sizes) {
    progress(`${rounds} sets of ${size} tokens`);
    const figures: Figures[] = [];
    for (let i = 0; i < rounds; i++) figures.push(await measure(size));
    const of = (figure: keyof Figures): number => median(figures.map((one) => one[figure]));
    measured.push({ size, of });
  }
  return {
    bench: 'prefixes',
    setting: { rounds, asked, changedShare },
    rows: measured.map(({ size, of }) => ({
      tokens: size,
      'bits an entry': round(of('wire')),
      'bytes in memory': round(of('memory')),
      'bytes of two': round(of('both')),
      'us a look': round(of('lookup')),
      'false hits %': round(100 * of('hits')),
      'bits a change': round(of('delta')),
      's to build': round(of('build')),
      's to publish': round(of('publish')),
      's to load': round(of('load')),
      's to renew': round(of('renew')),
      'ms at once, server': round(of('pauseServer')),
      'ms at once, member': round(of('pauseMember')),
      'ms late, server': round(of('lateServer')),
      'ms late, member': round(of('lateMember')),
      'ms late, idle': round(of('lateAlone')),
    })),
    bars: measured.flatMap(({ size, of }) => [
      atMost(`${size}: bits on the wire an entry`, of('wire'), 9.5),
      atMost(`${size}: bytes in memory an entry`, of('memory'), 4.5),
      atMost(`${size}: bytes in memory an entry, with its successor`, of('both'), 5),
      atMost(`${size}: us a look`, of('lookup'), 1),
      atLeast(`${size}: false hits %`, 100 * of('hits'), 0.7),
      atMost(`${size}: false hits %`, 100 * of('hits'), 1.6),
      atMost(`${size}: bits a changed entry`, of('delta'), 40),
      atMost(`${size}: ms late, server`, of('lateServer'), 50),
      atMost(`${size}: ms late, member`, of('lateMember'), 50),
    ]),
    notes: [
      'Tokens are random, as those of an OPRF are. A change of 0.1 %: so many entries leave, and as many come.',
      'Two tokens on one prefix survive each other: the registry counts, and its tests hold it; a set has none of that.',
      'At once is the CPU that the thread took between two turns of the event loop, at most, garbage collection included.',
      'Late is the longest delay of the loop by the wall. Idle is a loop that only turned for as long: other load of the machine.',
    ],
  };
}

async function measure(size: number): Promise<Figures> {
  const words = randomFillSync(new Uint32Array(size));
  const before = heldBytes();
  const built = await watched(() => building(words));
  const { set, snapshot } = built.result;
  const changes = someChanges(set);
  const published = await watched(() => publishing(set, changes));
  const { next, delta } = published.result;
  const both = (heldBytes() - before - snapshot.buffer.byteLength) / set.size;
  const member = await watched(() => following(snapshot, { delta, asExpected: next }));
  const looked = look(next);
  const own = heldBytes();
  const copy = await PrefixSet.decode(snapshot);
  const memory = (heldBytes() - own) / copy.size;
  const length = delta.removals.length + delta.additions.length;
  return {
    wire: (8 * snapshot.length) / set.size,
    memory,
    both,
    ...looked,
    delta: (8 * base64urlLength(length)) / (changes.added.length + changes.removed.length),
    lateServer: Math.max(built.late, published.late),
    lateMember: member.late,
    lateAlone: (await watched(() => turning(built.seconds))).late,
    pauseServer: Math.max(built.atOnce, published.atOnce),
    pauseMember: member.atOnce,
    build: built.seconds,
    publish: published.seconds,
    ...member.result,
  };
}

/** As a server does: counts tokens, makes a set and its snapshot. */
async function building(words: Uint32Array) {
  const bits = prefixBits(words.length);
  const set = await PrefixSet.from(prefixesOf(await tallied(words), bits), bits);
  await set.checksum(createHash('sha256'));
  const snapshot = await set.encode();
  await digestOf(snapshot, createHash('sha256'));
  return { set, snapshot };
}

/** As a server does: makes the next version, and the delta to it. */
async function publishing(set: PrefixSet, changes: SetChanges) {
  const next = await set.with(changes);
  await next.checksum(createHash('sha256'));
  const delta = await next.deltaBy(changes);
  return { next, delta };
}

/** As a member does: loads a snapshot, then an update, and keeps the set. */
async function following(
  snapshot: Uint8Array,
  update: { delta: Parameters<PrefixSet['apply']>[0]; asExpected: PrefixSet },
) {
  let begun = performance.now();
  await digestOf(snapshot);
  const set = await PrefixSet.decode(snapshot);
  await set.checksum();
  const load = secondsSince(begun);
  begun = performance.now();
  const next = await set.apply(update.delta);
  const checksum = await next.checksum();
  const renew = secondsSince(begun);
  const expected = await update.asExpected.checksum();
  if (Buffer.compare(checksum, expected) !== 0) throw new Error('another set');
  await next.encode();
  return { load, renew };
}

async function tallied(words: Uint32Array): Promise<PrefixTally> {
  const tally = new PrefixTally();
  for (let from = 0; from < words.length; from += readAtOnce) {
    for (const word of words.subarray(from, from + readAtOnce)) tally.add(word);
    await nextTurn();
  }
  return tally;
}

function* prefixesOf(tally: PrefixTally, bits: number): Generator<Uint32Array> {
  for (const { prefixes } of tally.counted(bits)) yield prefixes;
}

const secondsSince = (begun: number): number => (performance.now() - begun) / 1000;

async function turning(seconds: number): Promise<void> {
  for (const begun = performance.now(); secondsSince(begun) < seconds;) await nextTurn();
}

interface Watched<T> {
  readonly result: T;
  readonly seconds: number;
  readonly late: number;
  readonly atOnce: number;
}

async function watched<T>(work: () => Promise<T>): Promise<Watched<T>> {
  const end = watchLoop();
  const turns = new Turns();
  await nextTurn();
  const begun = performance.now();
  const result = await work();
  const seconds = secondsSince(begun);
  return { result, seconds, late: end().most, atOnce: turns.end() };
}

/** Reads at each turn of the event loop what this thread took since the last, in milliseconds of CPU. */
class Turns {
  #isOver = false;
  #last = cpuMs();
  #most = 0;

  constructor() {
    void this.#watch();
  }

  end(): number {
    this.#isOver = true;
    return Math.max(this.#most, cpuMs() - this.#last);
  }

  async #watch(): Promise<void> {
    while (!this.#isOver) {
      await nextTurn();
      const now = cpuMs();
      this.#most = Math.max(this.#most, now - this.#last);
      this.#last = now;
    }
  }
}

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** Bytes of arrays that something still holds: what rounds before left must not be freed between two readings. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
  collect();
  return process.memoryUsage().arrayBuffers;
}

function look(set: PrefixSet): Pick<Figures, 'lookup' | 'hits'> {
  const bytes = randomFillSync(new Uint8Array(32 * asked));
  const tokens = Array.from({ length: asked }, (_, i) => bytes.subarray(32 * i, 32 * (i + 1)));
  let hits = 0;
  const before = process.cpuUsage();
  for (const token of tokens) if (set.has(token)) hits++;
  const { user, system } = process.cpuUsage(before);
  return { lookup: (user + system) / asked, hits: hits / asked };
}

/** Some entries leave, and as many come that were not there. */
function someChanges(set: PrefixSet): SetChanges {
  const count = Math.round(set.size * changedShare);
  const words = randomFillSync(new Uint32Array(2 * count)).map((word) => word >>> (32 - set.bits));
  const fresh = distinct(words.filter((prefix) => !set.hasPrefix(prefix)));
  const listed: number[] = [];
  for (const part of set.parts()) {
    for (let i = 0; i < part.length; i += Math.floor(1 / changedShare)) listed.push(part[i]!);
  }
  return { added: fresh.slice(0, count), removed: Uint32Array.from(listed) };
}

const distinct = (prefixes: Uint32Array): Uint32Array => {
  const sorted = prefixes.toSorted();
  return sorted.filter((prefix, index) => index === 0 || prefix !== sorted[index - 1]);
};

const base64urlLength = (bytes: number): number => (4 * bytes) / 3;
