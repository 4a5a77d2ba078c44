import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BlindError } from '../errors.ts';
import { PrefixSet, type PrefixDelta, type SetChanges } from './prefix-set.ts';

const refusal = expect.objectContaining({ code: 'prefixes-invalid' });

const sorted = (values: Iterable<number>): Uint32Array => Uint32Array.from(values).sort();

const someSets = fc.integer({ min: 1, max: 32 }).chain((bits) =>
  fc.record({
    bits: fc.constant(bits),
    versions: fc.array(
      fc.uniqueArray(fc.integer({ min: 0, max: 2 ** bits - 1 }), { maxLength: 90 }),
      {
        minLength: 2,
        maxLength: 6,
      },
    ),
  }),
);

/** A repeatable sequence of integers below 2^32: a test of many steps says the same each time. */
function* integers(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const mixed = Math.imul(state ^ (state >>> 16), 0x45d9_f3b);
    yield (mixed ^ (mixed >>> 16)) >>> 0;
  }
}

/** Bytes of arrays that something still holds. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
  collect();
  return process.memoryUsage().arrayBuffers;
}

describe('a prefix set', () => {
  test('says what a plain set says, over 240,000 changes and as many questions', async () => {
    const random = integers(7);
    const plain = new Set<number>();
    let set = PrefixSet.of(new Uint32Array(), 20);
    for (let round = 0; round < 12; round++) {
      const added = new Set<number>();
      const removed = new Set<number>();
      for (let change = 0; change < 20_000; change++) {
        const prefix = random.next().value >>> 12;
        const [here, there] = plain.has(prefix) ? [removed, added] : [added, removed];
        // What came in this round and goes again is no change.
        if (!there.delete(prefix)) here.add(prefix);
        if (!plain.delete(prefix)) plain.add(prefix);
      }
      const next = PrefixSet.of(sorted(plain), 20);
      const delta = await next.deltaBy({ added: sorted(added), removed: sorted(removed) });
      set = await set.apply(delta);
      let differing = 0;
      for (let asked = 0; asked < 20_000; asked++) {
        const prefix = random.next().value >>> 12;
        if (set.hasPrefix(prefix) !== plain.has(prefix)) differing++;
      }
      expect([differing, set.size]).toEqual([0, plain.size]);
    }
    expect(set.values()).toEqual(sorted(plain));
  });

  test('finds each entry and no neighbour, for any entries and width', () => {
    fc.assert(
      fc.property(someSets, ({ bits, versions }) => {
        const entries = new Set(versions[0]);
        const set = PrefixSet.of(sorted(entries), bits);
        for (const prefix of entries) {
          for (const asked of [prefix - 1, prefix, prefix + 1]) {
            expect(set.hasPrefix(asked)).toBe(entries.has(asked));
          }
        }
      }),
    );
  });

  test('is asked for the leading bits of a token', () => {
    const set = PrefixSet.of(Uint32Array.of(0xabcde), 20);
    expect(set.has(Uint8Array.of(0xab, 0xcd, 0xef, 0x01))).toBe(true);
    expect(set.has(Uint8Array.of(0xab, 0xcd, 0xf0, 0x01))).toBe(false);
  });

  test('is what it was, whatever is done to what it was made of and to what it gave', () => {
    const given = Uint32Array.of(1, 2);
    const set = PrefixSet.of(given, 20);
    given[0] = 0;
    set.values()[1] = 7;
    expect(set.values()).toEqual(Uint32Array.of(1, 2));
  });

  test('takes 4.5 bytes an entry at most, and 2.2 where there are many', () => {
    for (const size of [1_000, 100_000, 1_000_000]) {
      const entries = Uint32Array.from({ length: size }, (_, index) => index * 3);
      const before = heldBytes();
      const set = PrefixSet.of(entries, 32);
      const taken = heldBytes() - before;
      expect(set.size).toBe(size);
      expect(taken / size).toBeLessThanOrEqual(size < 1_000_000 ? 4.5 : 2.2);
    }
  });

  test.each([
    ['twice the same entry', [3, 3], 20],
    ['entries out of order', [4, 3], 20],
    ['an entry wider than the set', [2 ** 20], 20],
    ['no width', [0], 0],
    ['a width beyond 32 bits', [0], 33],
    ['half a bit', [0], 1.5],
  ])('%s is refused', (_, entries, bits) => {
    expect(() => PrefixSet.of(Uint32Array.from(entries), bits)).toThrow(refusal);
  });
});

describe('a checksum', () => {
  test('is SHA-256 of its prefix, the width and each entry in four bytes', async () => {
    const hash = createHash('sha256').update('recourse/prefixes/1').update(Uint8Array.of(32));
    const entries = Uint32Array.from({ length: 40_000 }, (_, index) => index * 100_003);
    for (const entry of entries) {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(entry);
      hash.update(bytes);
    }
    const set = PrefixSet.of(entries, 32);
    const digest = hash.digest();
    expect(Buffer.from(await set.checksum())).toEqual(digest);
    expect(await set.checksum(createHash('sha256'))).toEqual(digest);
  });

  test('tells widths apart', async () => {
    const [narrow, wide] = await Promise.all(
      [20, 21].map((bits) => PrefixSet.of(Uint32Array.of(1), bits).checksum()),
    );
    expect(narrow).not.toEqual(wide);
  });
});

describe('a snapshot', () => {
  test('is the set again, for any entries and width', async () => {
    await fc.assert(
      fc.asyncProperty(someSets, async ({ bits, versions }) => {
        const set = PrefixSet.of(sorted(versions[0]!), bits);
        const read = await PrefixSet.decode(await set.encode());
        expect([read.bits, read.values(), await read.checksum()]).toEqual([
          bits,
          set.values(),
          await set.checksum(),
        ]);
      }),
    );
  });

  test('with any byte changed is another set or refused', async () => {
    await fc.assert(
      fc.asyncProperty(
        someSets,
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (made, at, flip) => {
          const set = PrefixSet.of(sorted(made.versions[0]!), made.bits);
          const snapshot = await set.encode();
          snapshot[at % snapshot.length]! ^= flip;
          const read = await readOr(() => PrefixSet.decode(snapshot));
          if (read === undefined) return;
          expect(await read.checksum()).not.toEqual(await set.checksum());
          expect(await read.encode()).toEqual(snapshot);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('cut short or made longer is refused', async () => {
    const snapshot = await PrefixSet.of(Uint32Array.of(5, 900_000, 1_000_000), 20).encode();
    for (let length = 0; length < snapshot.length; length++) {
      await expect(PrefixSet.decode(snapshot.subarray(0, length))).rejects.toThrow(refusal);
    }
    await expect(PrefixSet.decode(Uint8Array.of(...snapshot, 0))).rejects.toThrow(refusal);
  });

  test('that announces a set it does not hold takes no memory', async () => {
    const before = process.memoryUsage().arrayBuffers;
    const announced = Uint8Array.of(1, 32, 255, 255, 255, 255);
    await expect(PrefixSet.decode(announced)).rejects.toThrow(refusal);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 24);
  });

  test('of another format is refused', async () => {
    const snapshot = await PrefixSet.of(Uint32Array.of(5), 20).encode();
    snapshot[0] = 2;
    await expect(PrefixSet.decode(snapshot)).rejects.toThrow(refusal);
  });
});

describe('an update', () => {
  test('from any version reaches the checksum of the newest', async () => {
    await fc.assert(
      fc.asyncProperty(someSets, async ({ bits, versions }) => {
        const sets = versions.map((version) => PrefixSet.of(sorted(version), bits));
        const newest = sets.at(-1)!;
        for (const older of sets) {
          const updated = await older.apply(await deltaOf(older, newest));
          expect(await updated.checksum()).toEqual(await newest.checksum());
        }
      }),
    );
  });

  test('with any byte changed ends elsewhere or is refused', async () => {
    const from = PrefixSet.of(Uint32Array.of(1, 4, 90, 1_000), 20);
    const to = PrefixSet.of(Uint32Array.of(1, 5, 1_000, 7_777), 20);
    const delta = await deltaOf(from, to);
    for (const member of ['removals', 'additions'] as const) {
      for (let bit = 0; bit < 8 * delta[member].length; bit++) {
        const changed = delta[member].slice();
        changed[bit >> 3]! ^= 1 << (bit & 7);
        const reached = await readOr(() => from.apply({ ...delta, [member]: changed }));
        expect(await reached?.checksum()).not.toEqual(await to.checksum());
      }
    }
  });

  test('for another set is refused, or ends elsewhere', async () => {
    const from = PrefixSet.of(Uint32Array.of(1, 4, 90), 20);
    const to = PrefixSet.of(Uint32Array.of(1, 5), 20);
    await expect(to.apply(await deltaOf(from, to))).rejects.toThrow(refusal);
  });

  test('that adds what is there, or removes what it adds, is refused', async () => {
    const [none, one] = [[], [7]].map((entries) => PrefixSet.of(Uint32Array.from(entries), 20));
    const { additions } = await deltaOf(none!, one!);
    const { removals } = await deltaOf(one!, none!);
    await expect(one!.apply({ additions, removals: new Uint8Array(4) })).rejects.toThrow(refusal);
    await expect(one!.apply({ additions, removals })).rejects.toThrow(refusal);
  });

  test('costs nothing where nothing changed: both sets share what stayed', async () => {
    const entries = Uint32Array.from({ length: 300_000 }, (_, index) => index * 14_000);
    const set = PrefixSet.of(entries, 32);
    const before = heldBytes();
    const next = await set.with(changes([7], []));
    expect(heldBytes() - before).toBeLessThan(20_000);
    expect(next.size).toBe(set.size + 1);
  });

  test.each([
    ['removes what is not there', [], [4]],
    ['adds what is there', [9], []],
    ['is out of order', [8, 7], []],
    ['is wider than the set', [2 ** 20], []],
  ])('of changes that %s is refused', async (_, added, removed) => {
    const set = PrefixSet.of(Uint32Array.of(1, 5, 9), 20);
    await expect(set.with(changes(added, removed))).rejects.toThrow(refusal);
    // The other way round: changes that did not lead to this set.
    await expect(set.deltaBy(changes(removed, added))).rejects.toThrow(refusal);
  });
});

const changes = (added: readonly number[], removed: readonly number[]): SetChanges => ({
  added: Uint32Array.from(added),
  removed: Uint32Array.from(removed),
});

/** The delta between two sets, by what is in one and not in the other. */
function deltaOf(from: PrefixSet, to: PrefixSet): Promise<PrefixDelta> {
  const [before, after] = [new Set(from.values()), new Set(to.values())];
  return to.deltaBy({
    added: sorted(after.difference(before)),
    removed: sorted(before.difference(after)),
  });
}

async function readOr<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof BlindError && cause.code === 'prefixes-invalid') return undefined;
    throw cause;
  }
}
