import { randomFillSync } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { prefixBits, prefixDelta, PrefixSet } from '@recourse/blind/prefixes';
import type { BenchOptions } from './bench-calls.ts';
import { atLeast, atMost, progress, round, type Report } from './report.ts';
import { median } from './statistics.ts';

const sizes = [100_000, 1_000_000, 10_000_000];
const asked = 200_000;
const changedShare = 0.001;

interface Figures {
  /** Bits an entry of the snapshot */
  readonly wire: number;
  /** Bytes an entry in memory */
  readonly memory: number;
  /** Microseconds of CPU */
  readonly lookup: number;
  /** Share of identifiers that are not listed and hit all the same */
  readonly hits: number;
  /** Bits a changed entry, as base64url */
  readonly delta: number;
  readonly checksumMs: number;
}

/** The prefix set by itself, in one process without a network: what it takes on the wire, in memory and in time. */
export async function benchPrefixes({ rounds }: BenchOptions): Promise<Report> {
  const measured = sizes.map((size) => {
    progress(`${rounds} sets of ${size} tokens`);
    const figures = Array.from({ length: rounds }, () => measure(size));
    return { size, of: (figure: keyof Figures) => median(figures.map((one) => one[figure])) };
  });
  return {
    bench: 'prefixes',
    setting: { rounds, asked, changedShare },
    rows: measured.map(({ size, of }) => ({
      tokens: size,
      'bits an entry': round(of('wire')),
      'bytes in memory': round(of('memory')),
      'us a look': round(of('lookup')),
      'false hits %': round(100 * of('hits')),
      'bits a change': round(of('delta')),
      'ms a checksum': round(of('checksumMs')),
    })),
    bars: measured.flatMap(({ size, of }) => [
      atMost(`${size}: bits on the wire an entry`, of('wire'), 9.5),
      atMost(`${size}: bytes in memory an entry`, of('memory'), 4.5),
      atMost(`${size}: us a look`, of('lookup'), 1),
      atLeast(`${size}: false hits %`, 100 * of('hits'), 0.7),
      atMost(`${size}: false hits %`, 100 * of('hits'), 1.6),
      atMost(`${size}: bits a changed entry`, of('delta'), 40),
    ]),
    notes: [
      'Tokens are random, as those of an OPRF are. A change of 0.1 %: so many entries leave, and as many come.',
      'Two tokens on one prefix survive each other: the registry counts, and its tests hold it; a set has none of that.',
    ],
  };
}

function measure(size: number): Figures {
  const bits = prefixBits(size);
  const prefixes = randomPrefixes(size, bits);
  collectGarbage();
  const before = process.memoryUsage().arrayBuffers;
  const set = PrefixSet.of(prefixes, bits);
  const memory = (process.memoryUsage().arrayBuffers - before) / set.size;
  const begun = performance.now();
  set.checksum();
  const checksumMs = performance.now() - begun;
  const changes = Math.round(size * changedShare);
  const { removals, additions } = prefixDelta(set, changedBy(set, changes));
  return {
    wire: (8 * set.encode().length) / set.size,
    memory,
    ...look(set),
    delta: (8 * base64urlLength(removals.length + additions.length)) / (2 * changes),
    checksumMs,
  };
}

/** What rounds before left must not be freed between two readings. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
  collect();
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

function changedBy(set: PrefixSet, changes: number): PrefixSet {
  const remaining = set.values().filter((_, index) => index % Math.floor(1 / changedShare) !== 0);
  const entries = new Uint32Array(remaining.length + changes);
  entries.set(remaining);
  entries.set(randomPrefixes(changes, set.bits), remaining.length);
  return PrefixSet.of(distinct(entries), set.bits);
}

const randomPrefixes = (count: number, bits: number): Uint32Array =>
  distinct(randomFillSync(new Uint32Array(count)).map((word) => word >>> (32 - bits)));

const distinct = (prefixes: Uint32Array): Uint32Array => {
  const sorted = prefixes.toSorted();
  return sorted.filter((prefix, index) => index === 0 || prefix !== sorted[index - 1]);
};

const base64urlLength = (bytes: number): number => (4 * bytes) / 3;
