import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import {
  fromUtf8,
  generateKey,
  jcs,
  signCompact,
  signerFromJwk,
  thumbprint,
  toBase64url,
  toNumericDate,
  type Entry,
} from '@recourse/protocol';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { LogSource } from '../src/ledger/log-source.ts';
import { StateFile, type LedgerState } from '../src/ledger/state-file.ts';
import { trustedLog } from '../src/ledger/trusted-log.ts';
import { verifyLedger } from '../src/ledger/verify-ledger.ts';
import { readEnvironment } from '../src/environment.ts';
import { calls, failureOf, LedgerFixture, now, random } from './ledger-fixture.ts';
import { finished, Sandbox, spawnCli, type Run } from './sandbox.ts';

// Each act is a process of its own.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

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
    const told = JSON.parse(run.stdout) as { size: number; entries: number; types: object };
    expect(told).toMatchObject({
      verified: true,
      key: ledger.key,
      recalls: { issued: 1, acknowledged: 1, superseded: 0, overdue: 0, open: 0 },
      types: { 'registry-key': 3, 'recall-issued': 1, 'recall-acknowledged': 1 },
    });
    expect(told.entries).toBe(told.size);
    expect(told.size).toBeGreaterThan(600);
  });

  it('and again from where the last run stopped, and anew on request', async () => {
    await ledger.append([calls()]);
    const [resumed, anew] = [
      await ledger.verify('first.json'),
      await ledger.verify('first.json', '--anew'),
    ];
    expect([resumed.code, anew.code]).toEqual([0, 0]);
    expect(JSON.parse(anew.stdout)).toEqual(JSON.parse(resumed.stdout));
  });

  it('in a sandbox without a profile, and by the fingerprint of the key', async () => {
    const run = await finished(
      spawnCli(['ledger', 'verify', '--sandbox', sandbox.dataDir, '--json']),
    );
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
    const log = await trustedLog(
      options,
      readEnvironment({}, { stdin: {}, stdout: {}, stderr: {} }),
    );
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

describe('what does not hold is named', () => {
  it('one byte of a tile', async () => {
    const byte = `set hashes = set_byte(hashes, 40, get_byte(hashes, 40) # 1)`;
    for (const level of [0, 1]) {
      const { code, failure } = await ledger.tampered(
        `update ledger_tiles ${byte} where level = ${level} and index = 0;`,
      );
      expect([code, failure.code]).toEqual([1, 'tile-mismatch']);
      expect(failure.issues).toMatchObject([
        { path: expect.stringContaining(`tile/${level}/000`) },
      ]);
    }
  });

  it('an entry that is gone', async () => {
    const { code, failure } = await ledger.tampered(
      'delete from ledger_entries where index = 300;',
    );
    expect([code, failure.code]).toEqual([1, 'entries-missing']);
    expect(failure.issues).toMatchObject([{ path: 'tile/entries/001' }]);
  });

  it('an entry that was edited', async () => {
    const { failure } = await ledger.tampered(
      `update ledger_entries set entry = replace(entry, '"count":1', '"count":2') where index = 400;`,
    );
    expect(failure.code).toBe('tile-mismatch');
  });

  it('entries and tiles that were edited together, under the old signature', async () => {
    // All but the newest entry: a smaller tree with its own tiles, under the checkpoint of the same size.
    await ledger.copy('before');
    await ledger.append([calls()]);
    const [row] = await sandbox.sql<{ note: string }[]>`
      select note from ledger_checkpoints order by size desc limit 1`;
    await ledger.putBack('before');
    await ledger.append([calls()]);
    await ledger.asOwner(`update ledger_checkpoints set note = '${row?.note ?? ''}'
      where size = (select max(size) from ledger_checkpoints);`);
    const run = await ledger.verify(ledger.freshState());
    await ledger.putBack('before');
    expect([run.code, failureOf(run).code]).toEqual([1, 'root-mismatch']);
  });

  it('a checkpoint that another key signed, or nobody', async () => {
    const { code, failure } = await ledger.tampered(
      `update ledger_checkpoints set note = replace(note, E'\\n\\n', E'\\nmore\\n\\n');`,
    );
    expect([code, failure.code]).toEqual([1, 'checkpoint-invalid']);
    const { jwk } = await otherKey();
    const run = await ledger.verify(ledger.freshState(), '--key', thumbprint(jwk));
    expect([run.code, failureOf(run).code]).toEqual([1, 'log-key-mismatch']);
  });

  it('no key but what the server says', async () => {
    const run = await finished(spawnCli(['ledger', 'verify', '--registry', sandbox.server.origin]));
    expect(run.code).toBe(2);
  });

  it('an old state of the database', async () => {
    await ledger.copy('old');
    await ledger.append([calls()]);
    await ledger.verify('rolled.json');
    await ledger.copy('new');
    await ledger.putBack('old');
    const run = await ledger.verify('rolled.json');
    expect([run.code, failureOf(run).code]).toEqual([1, 'rolled-back']);
    expect(JSON.parse(readFileSync(sandbox.file('rolled.json'), 'utf8'))).toMatchObject({
      newest: expect.stringContaining(`/ledger\n`),
      conflicting: expect.stringContaining(`/ledger\n`),
    });
    await ledger.putBack('new');
    expect((await ledger.verify('rolled.json')).code).toBe(0);
  });
});

const otherKey = async () => {
  const signer = await signerFromJwk(await generateKey());
  return { signer, jwk: signer.publicJwk };
};

const rowsOf = async (type: string): Promise<(Entry & { pair: string; ack: string })[]> => {
  const rows = await sandbox.sql<{ entry: string }[]>`
    select entry from ledger_entries where entry::jsonb ->> 'type' = ${type} order by index`;
  return rows.map(({ entry }) => JSON.parse(entry) as Entry & { pair: string; ack: string });
};

describe('what the registry itself signed and must not have is named, with its place', () => {
  it('acknowledgements of nothing, and planted keys', async () => {
    const state = ledger.freshState();
    expect((await ledger.verify(state)).code).toBe(0);
    const [acknowledged] = await rowsOf('recall-acknowledged');
    const forged = { ...acknowledged!, at: now(), digest: random(), ack: random() };
    const { signer, jwk } = await otherKey();
    const party = sandbox.party('Harbour');
    const [holder, role, admin, use] = [
      'hld_01hzy3v7q8e9k4m5n6p7r8s9t0',
      'trust',
      false,
      'sig',
    ] as const;
    const payload = { aud: sandbox.server.origin, party, holder, role, admin, use, jwk };
    const iat = toNumericDate(new Date());
    const statement = await signCompact(signer, 'recourse-key+jwt', { ...payload, iat });
    const detail = { party, kid: thumbprint(jwk), holder, role, admin, position: 9, statement };
    const planted: Entry = { v: 1, type: 'key-added', at: now(), detail };
    const registryKey: Entry = {
      v: 1,
      type: 'registry-key',
      at: now(),
      detail: { use: 'receipt', kid: thumbprint(jwk), statement },
    };
    await ledger.append([forged, planted, registryKey]);
    const run = await ledger.verify(state);
    const { code, issues } = failureOf(run);
    expect([run.code, code]).toEqual([1, 'acknowledgement-forged']);
    expect(issues.map((issue) => issue.code)).toEqual([
      'acknowledgement-forged',
      'key-not-chained',
      'registry-key-not-signed',
    ]);
    // What was found is found again, though those entries are not read again.
    expect(failureOf(await ledger.verify(state))).toEqual(failureOf(run));
    expect(failureOf(await ledger.verify(state, '--anew'))).toEqual(failureOf(run));
  });

  it('a history that is not the one signed before', async () => {
    await sandbox.run(['sanctions', 'list']);
    await ledger.signed();
    await ledger.copy('root');
    await ledger.append([calls()]);
    const state = ledger.freshState();
    await ledger.verify(state);
    await ledger.putBack('root');
    await ledger.append([calls(), calls()]);
    const run = await ledger.verify(state);
    expect([run.code, failureOf(run).code]).toEqual([1, 'forked']);
  });
});

describe('a receipt is proved to be in the ledger', () => {
  it('by a file that is checked offline', async () => {
    const out = sandbox.file('call.tlog-proof');
    const registry = ['--registry', sandbox.server.origin, '--key', ledger.key];
    writeFileSync(sandbox.file('receipt'), `${receipt}\n`);
    const prove = ['ledger', 'prove', sandbox.file('receipt'), ...registry, '--out', out, '--json'];
    const proved = await finished(spawnCli(prove));
    expect([proved.code, JSON.parse(proved.stdout)]).toMatchObject([0, { proof: out }]);
    const entry = sandbox.file('call.entry.json');
    const check = (file: string, of: string, by = ledger.key): Promise<Run> =>
      finished(spawnCli(['ledger', 'check', file, '--entry', of, '--key', by, '--json']));
    expect((await check(out, entry)).code).toBe(0);

    const other = sandbox.file('other.json');
    writeFileSync(other, jcs(calls()));
    const wrong = await check(out, other);
    expect([wrong.code, failureOf(wrong).code]).toEqual([1, 'proof-invalid']);

    const bent = sandbox.file('bent.tlog-proof');
    copyFileSync(out, bent);
    writeFileSync(bent, fromUtf8(readFileSync(out)).replace(/\n(\d+)\n/, '\n1$1\n'));
    const unsigned = await check(bent, entry);
    expect([unsigned.code, failureOf(unsigned).code]).toEqual([1, 'checkpoint-invalid']);
  });

  it('and one of another registry, or of nobody, is refused', async () => {
    const registry = ['--registry', sandbox.server.origin, '--key', ledger.key, '--json'];
    const [head, , signature] = receipt.split('.').slice(-3);
    const payload = { iss: sandbox.server.origin, iat: 1, at: 1, count: 1, root: random() };
    const body = toBase64url(Buffer.from(jcs({ ...payload, entry: random(), mmd: 60 })));
    const forged = `0..${[head, body, signature].join('.')}`;
    const run = await finished(spawnCli(['ledger', 'prove', forged, ...registry]));
    expect([run.code, failureOf(run).code]).toEqual([1, 'receipt-invalid']);
    const none = await finished(spawnCli(['ledger', 'prove', '0..a.b.c', ...registry]));
    expect([none.code, failureOf(none).code]).toEqual([2, 'input-invalid']);
  });
});
