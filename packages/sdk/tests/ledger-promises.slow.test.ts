import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { verifyEvidence } from '@recourse/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isRecourseError, type Recourse, type RecourseError } from '../src/index.ts';
import { codeOf } from './connected.ts';
import { callAndProve } from './examples/ledger.ts';
import { checkpointsIn, withLog, type WithLog } from './with-log.ts';

const list = (recourse: Recourse) => recourse.call('sanctions.list', {});

async function refused(run: Promise<unknown>): Promise<RecourseError> {
  const error: unknown = await run.then(
    () => new Error('nothing thrown'),
    (thrown: unknown) => thrown,
  );
  if (isRecourseError(error)) return error;
  throw error;
}

describe('a receipt', () => {
  it('is proven by its header or as it was verified, as soon as its entry is logged', async () => {
    const at = await withLog();
    const recourse = at.connect();
    const { receipt } = await list(recourse);
    for (const given of [receipt, receipt.header]) {
      expect(await recourse.ledger.proveReceipt(given)).toContain('\nindex 1\n');
    }
  });

  it('is waited for', async () => {
    const at = await withLog();
    at.keepsPromises = false;
    const recourse = at.connect();
    const { receipt } = await list(recourse);
    const proof = recourse.ledger.proveReceipt(receipt);
    at.log.add(Buffer.from(receipt.entry, 'base64url'));
    expect(await proof).toContain('\nindex 1\n');
  });

  it('that promises nothing breaks nothing: of a registry that recovers', async () => {
    const at = await withLog();
    at.keepsPromises = false;
    at.registry.isPromising = false;
    const recourse = at.connect();
    const { receipt } = await list(recourse);
    at.advance(3_600);
    await recourse.ledger.settle();
    expect(await codeOf(() => recourse.ledger.proveReceipt(receipt))).toBe('not-logged');
    at.log.add(Buffer.from(receipt.entry, 'base64url'));
    expect(await recourse.ledger.proveReceipt(receipt)).toContain('\nindex 1\n');
    expect(await codeOf(() => list(recourse))).toBe('nothing thrown');
  });

  it('that no announced key signed proves nothing', async () => {
    const at = await withLog();
    const recourse = at.connect();
    const { receipt } = await list(recourse);
    const changed = receipt.header.replace(/[^.](?=[^.]*$)/, (c) => (c === 'A' ? 'B' : 'A'));
    for (const header of ['', 'a.b.c', changed]) {
      expect(await codeOf(() => recourse.ledger.proveReceipt(header))).toBe('receipt-invalid');
    }
  });

  it('whose entry does not come is a broken promise after the time it said, and not before', async () => {
    const at = await withLog();
    at.keepsPromises = false;
    const recourse = at.connect();
    const { receipt } = await list(recourse);
    const began = receipt.at;
    const error = await refused(recourse.ledger.proveReceipt(receipt));
    expect(error.code).toBe('promise-broken');
    const waited = at.registry.clock().getTime() / 1000 - began;
    expect([waited >= 60, waited < 65]).toEqual([true, true]);
    expect(await codeOf(() => list(recourse))).toBe('promise-broken');
  });

  it('was broken: recalls and events go on, for the sake of the creators', async () => {
    const at = await withLog();
    at.keepsPromises = false;
    const recourse = at.connect();
    const { receipt } = await list(recourse);
    await refused(recourse.ledger.proveReceipt(receipt));
    for (const op of ['recalls.list', 'events.poll'] as const) {
      expect(await codeOf(() => recourse.call(op, {}))).toBe('unknown-op');
    }
    expect(await codeOf(() => list(recourse))).toBe('promise-broken');
  });
});

describe('what calls were promised', () => {
  it('is settled when all of it was seen in the log: answers and refusals', async () => {
    const at = await withLog();
    const recourse = at.connect();
    await recourse.ledger.settle();
    expect(at.log.requests).toEqual([]);
    await list(recourse);
    expect(
      await codeOf(() =>
        recourse.call('sanctions.status', { sanction: 'snc_01hzy3v7q8e9k4m5n6p7r8s9t0' }),
      ),
    ).toBe('unknown-op');
    await recourse.ledger.settle();
    expect(at.log.count(/^proof\//)).toBe(2);
    await recourse.ledger.settle();
    // The first look learns a head, and asks for nothing that may not be logged yet.
    expect(at.log.count(/^checkpoint$/)).toBe(2);
  });

  it('is not asked for by the first look, which comes before the log has it', async () => {
    const at = await withLog();
    const recourse = at.connect();
    await list(recourse);
    await expect.poll(() => at.log.count(/^checkpoint$/), { timeout: 20_000 }).toBe(1);
    expect(at.log.count(/^proof\//)).toBe(0);
  });

  it('is found by a few tiles when there is much of it', async () => {
    const at = await withLog();
    const recourse = at.connect();
    await recourse.ledger.newest();
    at.log.grow(300);
    await Promise.all(Array.from({ length: 300 }, () => list(recourse)));
    const before = at.log.requests.length;
    await recourse.ledger.settle();
    expect(at.log.requests.length - before).toBeLessThan(12);
    expect(at.log.count(/^proof\//)).toBe(0);
  });

  it('is asked for by itself when it was logged before the head that a search began at', async () => {
    const at = await withLog();
    const recourse = at.connect();
    await Promise.all(Array.from({ length: 20 }, () => list(recourse)));
    await recourse.ledger.newest();
    await recourse.ledger.settle();
    expect(at.log.count(/^proof\//)).toBe(20);
  });

  it('is not believed to be found in tiles that are not of the signed tree', async () => {
    const at = await withLog();
    const recourse = at.connect();
    await recourse.ledger.newest();
    at.keepsPromises = false;
    const answers = await Promise.all(Array.from({ length: 9 }, () => list(recourse)));
    at.log.grow(9);
    const leaves = at.log.leaves.slice(0, 1);
    const promised = answers.map(({ receipt }) => Buffer.from(receipt.entry, 'base64url'));
    // Of the tree when the head is compared, and of no tree when the leaves are looked for.
    at.log.spoiled = { path: 'tile/0/000.p/10', body: Buffer.concat([...leaves, ...promised]) };
    expect(await codeOf(() => recourse.ledger.settle())).toBe('ledger-invalid');
  });

  it('and never logged is a broken promise: shown to anybody, without a trace of who shows it', async () => {
    const at = await withLog();
    at.keepsPromises = false;
    const recourse = at.connect();
    const { receipt } = await list(recourse);
    const settled = refused(recourse.ledger.settle());
    const growing = setInterval(() => at.log.grow(1), 5);
    const error = await settled;
    clearInterval(growing);
    expect(error.code).toBe('promise-broken');
    const text = JSON.stringify(error.evidence);
    expect(await verifyEvidence(JSON.parse(text), at.believed())).toMatchObject({
      type: 'promise-broken',
      entry: receipt.entry,
      due: new Date((receipt.at + 60) * 1000),
      isWitnessedLate: true,
    });
    const plain = text + Buffer.from(text.replaceAll('.', '='), 'base64url').toString();
    for (const secret of [recourse.party, receipt.leaf.jti, receipt.leaf.req, at.service.kid]) {
      expect(plain).not.toContain(secret);
    }
    for (const run of [() => list(recourse), () => recourse.ledger.settle()]) {
      expect(await codeOf(run)).toBe('promise-broken');
    }
  });

  it('and seen in a fork of the log ends the connection at once', async () => {
    const at = await withLog();
    at.log.grow(3);
    const recourse = at.connect();
    await recourse.ledger.newest();
    at.log.leaves = [];
    at.log.grow(9, 'another');
    await list(recourse);
    expect((await refused(recourse.ledger.settle())).code).toBe('ledger-forked');
    expect(await codeOf(() => list(recourse))).toBe('ledger-forked');
  });

  it.each<[string, (at: WithLog) => void, string]>([
    ['shrank', (at) => void (at.log.size = 2), 'ledger-rolled-back'],
    ['lacks witnesses', (at) => void (at.log.cosigners = []), 'ledger-invalid'],
    ['is gone', (at) => void at.log.false.set('checkpoint', undefined), 'ledger-invalid'],
  ])('may wait while the log %s, until it is over', async (_, spoil, code) => {
    const at = await withLog();
    at.log.grow(5);
    const recourse = at.connect();
    await recourse.ledger.newest();
    spoil(at);
    await list(recourse);
    expect(await codeOf(() => recourse.ledger.settle())).toBe(code);
    await list(recourse);
    at.advance(61);
    expect(await codeOf(() => recourse.ledger.settle())).toBe(code);
    expect(await codeOf(() => list(recourse))).toBe(code);
  });

  it('fails nothing while the log cannot be reached', async () => {
    const at = await withLog();
    const recourse = at.connect();
    await list(recourse);
    await at.log.stop();
    at.advance(61);
    expect(await codeOf(() => recourse.ledger.settle())).toBe('unavailable');
    await list(recourse);
  });

  it('counts from when the answer came, however the clocks differ', async () => {
    const at = await withLog();
    at.keepsPromises = false;
    const behind = at.registry.clock;
    at.registry.clock = () => new Date(behind().getTime() - 9_000);
    const recourse = at.connect();
    const { receipt } = await list(recourse);
    at.advance(55);
    expect(at.registry.clock().getTime() / 1000 - receipt.at).toBeLessThan(60);
    const settled = recourse.ledger.settle();
    at.log.add(Buffer.from(receipt.entry, 'base64url'));
    await settled;
  });
});

describe('looking after promises', () => {
  it('keeps no process alive, and leaves no rejection behind', async () => {
    const program = fileURLToPath(new URL('idle-process.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--conditions=@recourse/source', program],
      { timeout: 20_000 },
    );
    expect(stdout.trim()).toBe('answered');
  }, 30_000);
});

describe('the example of the README', () => {
  it('keeps the proof with the receipt, and the evidence where there is none', async () => {
    const at = await withLog();
    const folder = await mkdtemp(join(tmpdir(), 'recourse-sdk-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const made = await callAndProve(at.options, folder);
    expect(made).toMatchObject({ receipt: expect.any(String), proof: expect.any(String) });
    at.keepsPromises = false;
    const shown = await callAndProve(at.options, folder);
    expect(shown).toMatchObject({ evidence: { type: 'promise-broken' } });
    expect(checkpointsIn(at)).toEqual([undefined, { size: 2, root: expect.any(String) }]);
  });
});
