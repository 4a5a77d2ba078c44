import { unwitnessed } from '@recourse/ledger';
import { entryLeafHash, toBase64url, verifyOpening, type Opening } from '@recourse/protocol';
import {
  type CaseReceipt,
  readCaseReceipt,
  type VerifiedCase,
  verifyCase,
  VerifyError,
} from '@recourse/verify';
import { newCaseKey, type CaseClient } from '@recourse/sdk/case';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readVerifierKey } from '../src/ledger/log-options.ts';
import { row, writeNdjson } from './import-rows.ts';
import { failureOf, LedgerFixture } from './ledger-fixture.ts';
import { runHere, type Run } from './in-process.ts';
import { creatorOf } from './people.ts';
import { linesOf, Sandbox } from './sandbox.ts';

let sandbox: Sandbox;
let ledger: LedgerFixture;
let file: string;
let proven: string;

const verify = (...args: string[]): Promise<Run> =>
  runHere(['case', 'verify', ...args, '--key', ledger.key, '--json']);

/** A record that was told, appealed, conceded, recalled, and the recall acknowledged; its receipt. */
beforeAll(async () => {
  sandbox = await Sandbox.start();
  ledger = await LedgerFixture.of(sandbox);
  const [path, codes] = [sandbox.file('told.ndjson'), sandbox.file('told.codes')];
  const address = { kind: 'email', identifier: mine, control: 'otp', notice_language: 'en' };
  writeNdjson(path, [row(1, address), row(1, { ...address, identifier: others })]);
  await sandbox.run(['import', path, '--case-codes', codes]);
  await ledger.signed();
  const [line] = linesOf(codes);
  await vi.waitUntil(() => mailTo(others), 60_000);
  await check('Tubely', mine);
  await check('Marketo', others);
  const creator = await creatorOf(sandbox);
  const key = await proveMine(creator);
  await creator.appeal({ key, ground: 'not-me', words: 'It was not me.', language: 'en' });
  await sandbox.run(['sanctions', 'withdraw', String(line?.['sanction']), '--cause', 'error']);
  const { recalls } = await sandbox.json<{ recalls: { recall: string }[] }>(
    ['recalls', 'list'],
    'Tubely',
  );
  const done = ['--action', 'never-acted', '--copies', 'deleted'];
  await sandbox.run(['recalls', 'acknowledge', recalls[0]?.recall ?? '', ...done], 'Tubely');
  file = sandbox.file('receipt.json');
  writeFileSync(file, JSON.stringify(await creator.receipt({ key })));
  await ledger.signed();
  proven = sandbox.file('proven.json');
});
afterAll(() => sandbox.stop());

const mine = 'mine@mail.example';
const others = 'others@mail.example';

const check = (as: string, email: string): Promise<Run> =>
  sandbox.run(
    [
      'check',
      '--always-ask',
      '--email',
      email,
      '--purpose',
      'signup',
      '--proven-at',
      new Date().toISOString(),
    ],
    as,
  );

async function mailTo(address: string): Promise<string | undefined> {
  const headers = { accept: 'application/json' };
  const response = await fetch(`${sandbox.server.origin}/sandbox/outbox`, { headers });
  const { mails } = (await response.json()) as { mails: { to: string; text: string }[] };
  return mails.find(({ to }) => to === address)?.text;
}

/** @returns the secret that opens the first case of the address */
async function proveMine(creator: CaseClient): Promise<string> {
  const { find } = await creator.find({ kind: 'email', identifier: mine, language: 'en' });
  const proof = /^ {4}([0-9A-Z]{10})$/m.exec((await mailTo(mine)) ?? '')?.[1] ?? '';
  const newKey = newCaseKey();
  await creator.prove({ find, identifier: mine, proof, newKey });
  return `${newKey}.1`;
}

describe('a receipt of a case is verified', () => {
  it('entry by entry against the ledger, with its recalls and their answers', async () => {
    const run = await verify(file, '--out', proven);
    expect([run.code, run.stderr]).toEqual([0, '']);
    const result = JSON.parse(run.stdout) as { entries: { type: string }[] };
    const party = sandbox.party('Tubely');
    expect(result).toMatchObject({
      verified: true,
      state: 'reversed',
      recalls: [{ party, kind: 'undo', action: 'never-acted' }],
      // Marketo asked about an address that this claimant did not prove.
      recallsNotShown: 1,
      toldOthers: 'none',
    });
    expect(run.stdout).not.toContain(sandbox.party('Marketo'));
    expect(result.entries.map(({ type }) => type)).toEqual(
      expect.arrayContaining([
        'sanction-submitted',
        'notice-delivered',
        'sanction-disclosed',
        'appeal-opened',
        'recall-issued',
        'sanction-ended',
        'recall-acknowledged',
      ]),
    );
  });

  it('without the registry, once the proofs are kept with it', async () => {
    const away = await verify(proven, '--url', 'http://127.0.0.1:9');
    expect(away.code).toBe(0);
    const unproven = await verify(file, '--url', 'http://127.0.0.1:9');
    expect([unproven.code, failureOf(unproven).code]).toEqual([3, 'registry-unreachable']);
  });

  it('and nothing else is', async () => {
    const empty = sandbox.file('empty.json');
    writeFileSync(empty, JSON.stringify({ ...read(), openings: [] }));
    const run = await verify(empty);
    expect([run.code, failureOf(run).code]).toEqual([2, 'input-invalid']);
  });
});

const read = (): CaseReceipt => readCaseReceipt(readFileSync(proven, 'utf8'))!;
const never = () => Promise.resolve(undefined);

async function causesOf(receipt: CaseReceipt, key = ledger.key): Promise<string[]> {
  const policy = unwitnessed(readVerifierKey(key));
  const verified = await verifyCase(receipt, { policy, fetchProof: never }).catch(
    (error: unknown) => error as VerifyError | VerifiedCase,
  );
  if (!(verified instanceof VerifyError)) return [];
  return [...new Set(verified.issues.map(({ code }) => code))];
}

const withOpenings = (
  change: (openings: readonly Opening[]) => readonly Opening[],
): CaseReceipt => {
  const receipt = read();
  return { ...receipt, openings: change(receipt.openings) };
};
const without = (type: string): CaseReceipt =>
  withOpenings((openings) => openings.filter(({ entry }) => entry.type !== type));

describe('what does not fit is named', () => {
  it('a changed detail, or an entry of another case', async () => {
    expect(await causesOf(read())).toEqual([]);
    const bent = withOpenings((openings) =>
      openings.with(0, { ...openings[0]!, detail: { statement: 'x' } }),
    );
    expect(await causesOf(bent)).toEqual(['opening-invalid']);
    const other = { ...read(), sanction: 'snc_01hzy3v7q8e9k4m5n6p7r8s9t0' } as const;
    expect(await causesOf(other)).toEqual(['opening-invalid']);
  });

  it('an entry that the ledger does not have, under the proof of another', async () => {
    const receipt = read();
    const [first, second] = receipt.openings;
    const forged: Opening = { ...first!, entry: { ...first!.entry, at: '2026-01-01T00:00:00Z' } };
    verifyOpening(forged);
    const openings = receipt.openings.with(0, forged);
    expect(await causesOf({ ...receipt, openings })).toEqual(['entry-unproven']);
    const leafOf = ({ entry }: Opening): string => toBase64url(entryLeafHash(entry));
    const proofs = { ...receipt.proofs, [leafOf(forged)]: receipt.proofs[leafOf(second!)]! };
    expect(await causesOf({ ...receipt, openings, proofs })).toEqual(['proof-invalid']);
  });

  it('a recall that is left out of a platform that was told', async () => {
    expect(await causesOf(without('recall-issued'))).toEqual([
      'recalls-mismatch',
      'acknowledgement-forged',
    ]);
  });

  it('a recall that its change does not stand behind, or more than it counts', async () => {
    const receipt = read();
    const recall = receipt.openings.find(({ entry }) => entry.type === 'recall-issued')!;
    const twice = { ...receipt, openings: [...receipt.openings, recall, recall] };
    expect(await causesOf(twice)).toEqual(['recalls-mismatch']);
  });

  it('a statement or an appeal that the entries do not know', async () => {
    const receipt = read();
    expect(await causesOf({ ...receipt, statement: 'another' })).toEqual(['case-mismatch']);
    expect(await causesOf({ ...receipt, appeals: [] })).toEqual(['case-mismatch']);
    const [appeal] = receipt.appeals;
    const upheld = { ...receipt, appeals: [{ ...appeal!, outcome: 'upheld' as const }] };
    expect(await causesOf(upheld)).toEqual(['case-mismatch']);
    expect(await causesOf(without('appeal-opened'))).toEqual(['case-mismatch']);
    expect(await causesOf(without('sanction-submitted'))).toEqual(['case-mismatch']);
  });

  it('a ledger of another key', async () => {
    const run = await runHere(['case', 'verify', file, '--key', otherKey(), '--json']);
    expect([run.code, failureOf(run).code]).toEqual([4, 'log-key-mismatch']);
  });
});

/** That of the example in docs/ledger.md */
const otherKey = (): string =>
  'registry.example/ledger+5a632b36+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c';
