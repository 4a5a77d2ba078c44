import { PrefixSet } from '@recourse/blind/prefixes';
import { toNumericDate, type OpOutput } from '@recourse/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, connected, opsOf, type ConnectedClients } from '../../tests/connected.ts';
import { newSigner, now } from '../../tests/fake-registry.ts';

let at: ConnectedClients;
beforeEach(async () => {
  at = await connected();
  await at.registry.sets.publish([token(1)]);
});

/** A token with this number in its first 20 bits. */
function token(n: number): Uint8Array {
  const bytes = new Uint8Array(32);
  new DataView(bytes.buffer).setUint32(0, n << 12);
  return bytes;
}

const renew = () => at.recourse.prefixes.renew();
const held = () => at.recourse.session.prefixes?.fresh(1);
const snapshotsRead = (): number =>
  at.registry.documentsRead.filter((path) => path.startsWith('/prefixes/')).length;

/** Changes updates on their way to the signature: what the registry itself can do. */
const tamperWith = (
  change: (
    answer: Extract<OpOutput<'prefixes.sync'>, { partial: true }>,
  ) => OpOutput<'prefixes.sync'>,
): void => {
  at.registry.sets.tamper = (answer) => (answer.partial ? change(answer) : answer);
};

describe('a set', () => {
  it('is loaded whole once, and updated from then on', async () => {
    expect(await renew()).toMatchObject([{ epoch: 1, state: 'fresh', version: 1, count: 1 }]);
    await at.registry.sets.publish([token(1), token(2)]);
    await at.registry.sets.publish([token(2), token(3)]);
    expect(await renew()).toMatchObject([{ version: 3, count: 2 }]);
    const set = (await held())?.set;
    expect([1, 2, 3].map((n) => set?.has(token(n)))).toEqual([false, true, true]);
    expect(snapshotsRead()).toBe(1);
  });

  it('is what it was while the registry has no newer one', async () => {
    await renew();
    const before = await held();
    await renew();
    expect(await held()).toBe(before);
  });

  it('is renewed once for all who ask meanwhile', async () => {
    await Promise.all(Array.from({ length: 20 }, renew));
    expect(opsOf(at.registry)).toEqual(['prefixes.sync', 'prefixes.sync']);
  });

  it('goes stale ten minutes after its time', async () => {
    const time = { now: now.getTime() };
    at = { ...at, recourse: at.connectAgain({ clock: () => new Date(time.now) }) };
    await renew();
    time.now += 599_000;
    expect(await at.recourse.prefixes.state()).toMatchObject([{ state: 'fresh' }]);
    time.now += 1_000;
    expect(await at.recourse.prefixes.state()).toMatchObject([{ state: 'stale', version: 1 }]);
  });

  it('is none where everyone is asked about', async () => {
    const { prefixes } = at.connectAgain({ prefixes: 'always-match' });
    expect([await prefixes.renew(), await prefixes.state()]).toEqual([[], []]);
    expect(opsOf(at.registry)).toEqual([]);
  });
});

describe('an update that does not fit', () => {
  const corruptions = {
    'cut short': (text = '') => text.slice(0, -2),
    'with a byte changed': (text = '') => `${text.slice(0, -4)}AAAA`,
    'in another spelling': (text = '') => `${text.slice(0, -1)}B`,
    missing: () => undefined,
  };

  it.each(Object.entries(corruptions))('%s is repaired by a full set', async (_, corrupt) => {
    await renew();
    await at.registry.sets.publish([token(1), token(77)]);
    let isSpoiled = true;
    tamperWith((answer) => {
      if (!isSpoiled) return answer;
      isSpoiled = false;
      return { ...answer, additions: corrupt(answer.additions) };
    });
    expect(await renew()).toMatchObject([{ version: 2, count: 2 }]);
    expect((await held())?.set.has(token(77))).toBe(true);
    expect(snapshotsRead()).toBe(2);
  });

  it('leaves what is held when the full set is wrong, too', async () => {
    await renew();
    await at.registry.sets.publish([token(2)]);
    at.registry.sets.tamper = (answer) =>
      answer.partial
        ? { ...answer, additions: 'AAAA' }
        : { ...answer, snapshot: { ...answer.snapshot, sha256: 'A'.repeat(43) } };
    expect(await codeOf(renew)).toBe('set-invalid');
    expect((await held())?.header.version).toBe(1);
  });

  it('is not believed where nothing is held', async () => {
    at.registry.sets.tamper = ({ set, minWaitSeconds }) => ({ set, minWaitSeconds, partial: true });
    expect(await codeOf(renew)).toBe('set-invalid');
  });

  it('does not come for ever', async () => {
    await renew();
    const full = await at.registry.sets.sync({ list: 'all', epoch: 1 });
    at.registry.sets.tamper = () => full;
    expect(await codeOf(renew)).toBe('set-invalid');
  });
});

describe('a header', () => {
  it.each([
    ['of another checksum', { sha256: 'A'.repeat(43) }],
    ['of another count', { count: 2 }],
    ['of another width', { bits: 21 }],
    ['of another epoch', { epoch: 2 }],
    ['of the future', { asOf: toNumericDate(now) + 131 }],
  ])('%s is refused', async (_, says) => {
    at.registry.sets.says = says;
    await at.registry.sets.publish([token(1)]);
    expect(await codeOf(renew)).toBe('set-invalid');
  });

  it('of an older version is refused, whatever it says', async () => {
    await at.registry.sets.publish([token(1), token(2)]);
    await renew();
    at.registry.sets.says = { version: 1 };
    await at.registry.sets.publish([token(3)]);
    expect(await codeOf(renew)).toBe('set-invalid');
    expect((await held())?.header.version).toBe(2);
  });

  it('of the same version with something else in it is refused', async () => {
    await renew();
    at.registry.sets.says = { version: 1 };
    await at.registry.sets.publish([token(3)]);
    expect(await codeOf(renew)).toBe('set-invalid');
  });

  it('by a key of another use, or of nobody, is refused', async () => {
    at.registry.sets.signer = at.registry.receiptSigner;
    await at.registry.sets.publish([token(1)]);
    expect(await codeOf(renew)).toBe('registry-key-invalid');
    at.registry.sets.signer = await newSigner();
    await at.registry.sets.publish([token(1)]);
    expect(await codeOf(renew)).toBe('registry-key-invalid');
  });

  it('that is not in the ledger is refused: a member may not get a list of its own', async () => {
    at.registry.sets.isLogging = false;
    await at.registry.sets.publish([token(1)]);
    expect(await codeOf(renew)).toBe('not-logged');
    expect(await at.recourse.prefixes.state()).toMatchObject([{ state: 'none' }]);
  });

  it.each([
    ['nearly everything hits', Array.from({ length: 21_000 }, (_, i) => i * 49), 20],
    ['the prefixes are short', [0, 1], 1],
  ])('of a set in which %s is refused', async (_, prefixes, bits) => {
    await at.registry.sets.publishSet(PrefixSet.of(Uint32Array.from(prefixes), bits));
    expect(await codeOf(renew)).toBe('set-invalid');
  });
});
