import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import {
  fromUtf8,
  generateKey,
  jcs,
  signerFromJwk,
  thumbprint,
  toBase64url,
} from '@recourse/protocol';
import { type LedgerState, LogSource, verifyLedger } from '@recourse/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trustedLog } from '../src/ledger/log-options.ts';
import { StateFile } from '../src/ledger/state-file.ts';
import { readEnvironment } from '../src/environment.ts';
import { calls, failureOf, LedgerFixture, random } from './ledger-fixture.ts';
import { runHere, type Run } from './in-process.ts';
import { Sandbox } from './sandbox.ts';

let sandbox: Sandbox;
let ledger: LedgerFixture;
let receipt: string;

beforeAll(async () => {
  sandbox = await Sandbox.start();
  ledger = await LedgerFixture.of(sandbox);
  receipt = await ledger.recallOnce();
  await ledger.append(Array.from({ length: 600 }, calls));
});
afterAll(() => sandbox.stop());

describe('a ledger that holds is verified', () => {
  it('from the first entry to the last, with what happened in it', async () => {
    await ledger.signed();
    const run = await ledger.verify('first.json');
    expect([run.code, run.stderr]).toEqual([0, '']);
    const result = JSON.parse(run.stdout) as { size: number; entries: number; types: object };
    expect(result).toMatchObject({
      verified: true,
      key: ledger.key,
      recalls: { issued: 1, acknowledged: 1, superseded: 0, overdue: 0, open: 0 },
      types: { 'registry-key': 4, 'recall-issued': 1, 'recall-acknowledged': 1 },
    });
    expect(result.entries).toBe(result.size);
    expect(result.size).toBeGreaterThan(600);
  });

  it('and again from where the last run stopped, and anew on request', async () => {
    await ledger.append([calls()]);
    const verified = async (...more: string[]): Promise<{ size: number; checkpoint: string }> => {
      const run = await ledger.verify('first.json', ...more);
      expect(run.code).toBe(0);
      const all = JSON.parse(run.stdout) as { size: number; checkpoint: string };
      // Witnesses sign below it, each when it comes to it.
      return { ...all, checkpoint: all.checkpoint.split('\n\n')[0]! };
    };
    let [resumed, anew] = [await verified(), await verified('--anew')];
    // The registry may log something of its own accord between the two.
    while (resumed.size !== anew.size)
      [resumed, anew] = [await verified(), await verified('--anew')];
    expect(anew).toEqual(resumed);
  });

  it('in a sandbox without a profile, and by the fingerprint of the key', async () => {
    const run = await runHere(['ledger', 'verify', '--sandbox', sandbox.dataDir, '--json']);
    expect(run.code).toBe(0);
    const document = (await (await fetch(`${sandbox.server.url}/.well-known/recourse`)).json()) as {
      logKey: Parameters<typeof thumbprint>[0];
    };
    const byKid = await ledger.verify(ledger.freshState(), '--key', thumbprint(document.logKey));
    expect(byKid.code).toBe(0);
  });

  it('stopped in between, it goes on from there', async () => {
    const { key } = ledger;
    const options = { registry: sandbox.server.origin, key };
    const log = await trustedLog(options, readEnvironment({}, { stdout: {}, stderr: {} }));
    const file = new StateFile(sandbox.file('stopped.json'), key);
    const read: number[] = [];
    const part = async (state: LedgerState, stop: boolean) => {
      const controller = new AbortController();
      const { signal } = controller;
      const source = new LogSource(log.url, signal);
      const onProgress = ({ entries }: { entries: number }): void => {
        read.push(entries);
        if (stop) controller.abort();
      };
      const save = (next: LedgerState): void => file.write(next);
      return verifyLedger({ log, source, state, save, onProgress, signal });
    };
    expect(await part({}, true)).toMatchObject({ finished: false, entries: 256 });
    expect(await part(file.read(), false)).toMatchObject({ finished: true });
    expect(read.slice(0, 2)).toEqual([256, 512]);
  });
});

describe('the key that is believed', () => {
  it('is the one that was pinned, and not what the server says', async () => {
    const { publicJwk } = await signerFromJwk(await generateKey());
    const run = await ledger.verify(ledger.freshState(), '--key', thumbprint(publicJwk));
    expect([run.code, failureOf(run).code]).toEqual([4, 'log-key-mismatch']);
    const none = await runHere(['ledger', 'verify', '--registry', sandbox.server.origin]);
    expect(none.code).toBe(2);
  });
});

describe('a receipt is proved to be in the ledger', () => {
  it('by a file that is checked offline', async () => {
    const out = sandbox.file('call.tlog-proof');
    const registry = ['--registry', sandbox.server.origin, '--key', ledger.key];
    writeFileSync(sandbox.file('receipt'), `${receipt}\n`);
    const prove = ['ledger', 'prove', sandbox.file('receipt'), ...registry, '--out', out, '--json'];
    const proved = await runHere(prove);
    expect([proved.code, JSON.parse(proved.stdout)]).toMatchObject([0, { proof: out }]);
    const entry = sandbox.file('call.entry.json');
    const check = (file: string, entry: string, by = ledger.key): Promise<Run> =>
      runHere(['ledger', 'check', file, '--entry', entry, '--key', by, '--json']);
    expect((await check(out, entry)).code).toBe(0);

    const other = sandbox.file('other.json');
    writeFileSync(other, jcs(calls()));
    const wrong = await check(out, other);
    expect([wrong.code, failureOf(wrong).code]).toEqual([4, 'proof-invalid']);

    const bent = sandbox.file('bent.tlog-proof');
    copyFileSync(out, bent);
    writeFileSync(bent, fromUtf8(readFileSync(out)).replace(/\n(\d+)\n/, '\n1$1\n'));
    const unsigned = await check(bent, entry);
    expect([unsigned.code, failureOf(unsigned).code]).toEqual([4, 'checkpoint-invalid']);
  });

  it('and one of another registry, or of nobody, is refused', async () => {
    const registry = ['--registry', sandbox.server.origin, '--key', ledger.key, '--json'];
    const [head, , signature] = receipt.split('.').slice(-3);
    const payload = { iss: sandbox.server.origin, iat: 1, at: 1, count: 1, root: random() };
    const body = toBase64url(Buffer.from(jcs({ ...payload, entry: random(), mmd: 60 })));
    const forged = `0..${[head, body, signature].join('.')}`;
    const run = await runHere(['ledger', 'prove', forged, ...registry]);
    expect([run.code, failureOf(run).code]).toEqual([4, 'receipt-invalid']);
    const none = await runHere(['ledger', 'prove', '0..a.b.c', ...registry]);
    expect([none.code, failureOf(none).code]).toEqual([2, 'input-invalid']);
  });
});
