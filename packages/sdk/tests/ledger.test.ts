import { entryLeafHash, toBase64url, verifyEvidence } from '@recourse/protocol';
import { describe, expect, it } from 'vitest';
import { memoryLedgerStore, type Recourse } from '../src/index.ts';
import { codeOf } from './connected.ts';
import { FakeLog, leaf, logName, noteSigner } from './fake-log.ts';
import {
  newWitness,
  policyEntry,
  policyOf,
  checkpointsIn,
  withLog,
  type WithLog,
} from './with-log.ts';
import { newSigner, origin } from './fake-registry.ts';

const list = (recourse: Recourse) => recourse.call('sanctions.list', {});
const caught = (run: Promise<unknown>): Promise<unknown> => run.then(String, (e: unknown) => e);
/** The log of the same key with another history. */
function forked(at: WithLog, size: number): void {
  at.log.leaves = [];
  at.log.grow(size, 'another');
}

describe('the newest checkpoint', () => {
  it('is verified, asked for once however many ask, and shown with every call from then on', async () => {
    const at = await withLog();
    const recourse = at.connect();
    await list(recourse);
    const heads = await Promise.all(Array.from({ length: 20 }, () => recourse.ledger.newest()));
    expect(new Set(heads.map(({ size }) => size))).toEqual(new Set([2]));
    expect(at.log.count(/^checkpoint$/)).toBe(1);
    await list(recourse);
    const [{ size, root }] = heads as [(typeof heads)[0]];
    expect(checkpointsIn(at)).toEqual([undefined, { size, root }]);
  });

  it('is believed as it grows, within tiles and over them', async () => {
    const at = await withLog();
    const { ledger } = at.connect();
    for (const size of [3, 4, 255, 256, 257, 700, 701]) {
      at.log.grow(size - at.log.leaves.length);
      expect((await ledger.newest()).size).toBe(size);
    }
  });

  it.each([2, 6])(
    'of another history is a fork, which anybody can verify: size %i',
    async (size) => {
      const at = await withLog();
      at.log.grow(1);
      const recourse = at.connect();
      await recourse.ledger.newest();
      forked(at, size);
      const error = await caught(recourse.ledger.newest());
      expect(error).toMatchObject({ code: 'ledger-forked' });
      const { evidence } = error as { evidence: unknown };
      const finding = await verifyEvidence(JSON.parse(JSON.stringify(evidence)), at.believed());
      expect(finding).toEqual({ type: 'ledger-forked', sizes: [2, size] });
      expect(await codeOf(() => list(recourse))).toBe('ledger-forked');
    },
  );

  it('of another history needs no witness to be a fork', async () => {
    const at = await withLog();
    const { ledger } = at.connect();
    await ledger.newest();
    forked(at, 5);
    at.log.cosigners = [];
    expect(await codeOf(() => ledger.newest())).toBe('ledger-forked');
  });

  it('of two histories, shown to two processes, is found by what they share', async () => {
    const at = await withLog();
    const ledgerStore = memoryLedgerStore();
    const [a, b] = [at.connect({ ledgerStore }), at.connect({ ledgerStore })];
    at.log.grow(3);
    await a.ledger.newest();
    forked(at, 9);
    expect(await codeOf(() => b.ledger.newest())).toBe('ledger-forked');
  });

  it('of two histories is found also when both were shown at once', async () => {
    const at = await withLog();
    const store = memoryLedgerStore();
    let isEmpty = true;
    const ledgerStore = { ...store, newest: async () => (isEmpty ? undefined : store.newest()) };
    const [a, b] = [at.connect({ ledgerStore }), at.connect({ ledgerStore })];
    at.log.grow(3);
    await a.ledger.newest();
    forked(at, 9);
    await b.ledger.newest();
    isEmpty = false;
    at.log.grow(1, 'another');
    expect(await codeOf(() => a.ledger.newest())).toBe('ledger-forked');
  });

  it('that shrank is refused, with both notes, and the larger one is kept', async () => {
    const at = await withLog();
    at.log.grow(9);
    const { ledger } = at.connect();
    await ledger.newest();
    at.log.size = 4;
    const error = await caught(ledger.newest());
    expect(error).toMatchObject({ code: 'ledger-rolled-back' });
    const { evidence } = error as { evidence: unknown };
    expect(await verifyEvidence(evidence, at.believed())).toEqual({
      type: 'ledger-rolled-back',
      sizes: [4, 10],
    });
    at.log.size = undefined;
    expect((await ledger.newest()).size).toBe(10);
  });

  it('that too few witnesses cosigned is refused: one of three', async () => {
    const at = await withLog();
    at.log.cosigners = at.witnesses.slice(2);
    expect(await codeOf(() => at.connect().ledger.newest())).toBe('ledger-invalid');
    at.log.cosigners = at.witnesses.slice(1);
    expect((await at.connect().ledger.newest()).size).toBe(1);
  });

  it('by another key, or of another log, is refused', async () => {
    const at = await withLog();
    for (const signer of [
      noteSigner(await newSigner(), { name: logName, type: 'ed25519' }),
      noteSigner(at.registry.logSigner, { name: 'other.example/ledger', type: 'ed25519' }),
    ]) {
      const other = new FakeLog(signer);
      other.cosigners = at.log.cosigners;
      other.leaves = at.log.leaves;
      at.log.false.set('checkpoint', await other.checkpoint());
      expect(await codeOf(() => at.connect().ledger.newest())).toBe('ledger-invalid');
    }
  });
});

describe('what the ledger serves', () => {
  const garbage = {
    nothing: '',
    'one byte': 'x',
    'binary data': new Uint8Array(300).fill(255),
    'more than fits': new Uint8Array(20_000_000),
    'another page': '<html>Please sign in</html>',
  };

  it.each(Object.entries(garbage))('as a checkpoint is refused: %s', async (_, body) => {
    const at = await withLog();
    at.log.false.set('checkpoint', body);
    expect(await codeOf(() => at.connect().ledger.newest())).toBe('ledger-invalid');
  });

  it('as a checkpoint is refused at every length that it is cut to', async () => {
    const at = await withLog();
    const { ledger } = at.connect();
    const note = await at.log.checkpoint();
    for (let length = 0; length < note.length; length += 7) {
      at.log.false.set('checkpoint', note.slice(0, length));
      expect(await codeOf(() => ledger.newest())).toBe('ledger-invalid');
    }
  });

  it.each(Object.entries(garbage))('as a tile or a proof is refused: %s', async (_, body) => {
    const at = await withLog();
    at.log.grow(3);
    const { ledger } = at.connect();
    await ledger.newest();
    at.log.grow(3);
    for (const width of [4, 7]) at.log.false.set(`tile/0/000.p/${width}`, body);
    expect(await codeOf(() => ledger.newest())).toBe('ledger-invalid');
    at.log.false.set(`proof/${toBase64url(leaf('entry 2'))}`, body);
    expect(await codeOf(() => ledger.prove(leaf('entry 2')))).toBe('ledger-invalid');
  });

  it.each(['checkpoint', 'tile/0/000.p/2'])('is not read for ever: %s', async (path) => {
    const at = await withLog();
    const { ledger } = at.connect();
    await ledger.newest();
    at.log.grow(1);
    at.log.endless.add(path);
    expect(await codeOf(() => ledger.newest())).toBe('ledger-invalid');
  });

  it('as a tile is cut from the full one, where a copy has dropped the partial one', async () => {
    const at = await withLog();
    at.log.grow(99);
    const { ledger } = at.connect();
    await ledger.newest();
    at.log.grow(300);
    at.log.false.set('tile/0/000.p/100', undefined);
    expect((await ledger.newest()).size).toBe(400);
  });
});

describe('a proof', () => {
  it('is of the entry, under a checkpoint of the one history', async () => {
    const at = await withLog();
    at.log.grow(20);
    const { ledger } = at.connect();
    await ledger.newest();
    const text = await ledger.prove(leaf('entry 7'));
    expect(text).toMatch(/^c2sp\.org\/tlog-proof@v1\nindex 7\n/);
    expect(await codeOf(() => ledger.prove(leaf('nowhere'), { within: 5 }))).toBe('not-logged');
  });

  it('of another entry, or of another log, is refused', async () => {
    const at = await withLog();
    at.log.grow(20);
    const { ledger } = at.connect();
    const path = `proof/${toBase64url(leaf('entry 7'))}`;
    at.log.false.set(path, await at.log.proof(leaf('entry 8')));
    expect(await codeOf(() => ledger.prove(leaf('entry 7')))).toBe('ledger-invalid');
    const other = new FakeLog(noteSigner(await newSigner(), { name: logName, type: 'ed25519' }));
    other.leaves = at.log.leaves;
    other.cosigners = at.log.cosigners;
    at.log.false.set(path, await other.proof(leaf('entry 7')));
    expect(await codeOf(() => ledger.prove(leaf('entry 7')))).toBe('ledger-invalid');
  });

  it('under a checkpoint of another history is a fork, though it verifies', async () => {
    const at = await withLog();
    at.log.grow(4);
    const { ledger } = at.connect();
    await ledger.newest();
    const other = new FakeLog(at.log.signer);
    other.cosigners = at.log.cosigners;
    other.grow(5, 'another');
    at.log.false.set(
      `proof/${toBase64url(leaf('another 2'))}`,
      await other.proof(leaf('another 2')),
    );
    at.log.leaves = other.leaves;
    expect(await codeOf(() => ledger.prove(leaf('another 2')))).toBe('ledger-forked');
  });

  it('may be from a cache, under a smaller checkpoint of the same history', async () => {
    const at = await withLog();
    at.log.grow(20);
    const { ledger } = at.connect();
    const path = `proof/${toBase64url(leaf('entry 7'))}`;
    at.log.false.set(path, await at.log.proof(leaf('entry 7')));
    at.log.grow(400);
    await ledger.newest();
    expect(await ledger.prove(leaf('entry 7'))).toContain('\nindex 7\n');
  });
});

describe('a witness policy', () => {
  it('that was exchanged without the consent of the old one is not believed', async () => {
    const at = await withLog();
    const theirs = await Promise.all(
      ['x', 'y', 'z'].map((name) => newWitness(`v.example/${name}`)),
    );
    const entry = policyEntry(policyOf(theirs), '2026-02-01T00:00:00Z');
    const pinned = entryLeafHash(policyEntry(at.policy));
    at.log.false.set(`proof/${toBase64url(pinned)}`, await at.log.proof(pinned));
    at.log.log(entry);
    at.registry.policies.push(entry);
    at.log.cosigners = theirs;
    expect(await codeOf(() => at.connect().ledger.newest())).toBe('ledger-invalid');
  });

  it('that the old one saw in the log takes its place', async () => {
    const at = await withLog();
    const recourse = at.connect();
    await recourse.ledger.newest();
    const next = await Promise.all(['x', 'y', 'z'].map((name) => newWitness(`v.example/${name}`)));
    const entry = policyEntry(policyOf(next), '2026-02-01T00:00:00Z');
    at.log.log(entry);
    at.registry.policies.push(entry);
    at.log.cosigners = [...at.witnesses.slice(1), ...next.slice(1)];
    at.advance(700);
    await recourse.ledger.newest();
    at.log.cosigners = next.slice(1);
    at.log.grow(1);
    expect((await recourse.ledger.newest()).size).toBe(3);
    // From then on the old one counts for nothing.
    at.log.cosigners = at.witnesses;
    at.log.grow(1);
    at.advance(10);
    expect(await codeOf(() => recourse.ledger.newest())).toBe('ledger-invalid');
  });

  it('of before, with no witnesses, is no later one though it is in the log', async () => {
    const at = await withLog();
    const none = policyEntry(policyOf([]), '2025-12-01T00:00:00Z');
    at.log.leaves = [entryLeafHash(none), ...at.log.leaves];
    at.registry.policies.push(none);
    at.log.cosigners = at.witnesses;
    const recourse = at.connect();
    await recourse.ledger.newest();
    at.log.cosigners = [];
    at.log.grow(1);
    at.advance(700);
    expect(await codeOf(() => recourse.ledger.newest())).toBe('ledger-invalid');
  });

  it('that is pinned and not published makes the ledger invalid', async () => {
    const at = await withLog();
    at.registry.policies.pop();
    expect(await codeOf(() => at.connect().ledger.newest())).toBe('ledger-invalid');
    const registry = { origin, logKid: at.registry.logSigner.kid };
    at.log.cosigners = [];
    expect((await at.connect({ registry }).ledger.newest()).size).toBe(1);
  });
});
