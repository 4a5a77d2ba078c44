import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { row } from './import-rows.ts';
import { runHere } from './in-process.ts';
import { linesOf, Sandbox } from './sandbox.ts';

vi.setConfig({ testTimeout: 180_000 });

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await Sandbox.start();
});
afterAll(() => sandbox.stop());

const json = <T = Record<string, unknown>>(args: readonly string[], as?: string): Promise<T> =>
  sandbox.json<T>(args, as);
const shown = async (args: readonly string[], as?: string): Promise<string> =>
  (await sandbox.run(args, as)).stdout;

/** A record, or a draft, with its case code. */
async function submitted(
  n: number,
  ...more: string[]
): Promise<{ sanction: string; code: string }> {
  const { external_id: _, ...record } = row(n);
  const file = sandbox.file(`${n}.json`);
  writeFileSync(file, JSON.stringify(record));
  const codes = sandbox.file(`${n}.codes`);
  const { sanction } = await json<{ sanction: string }>([
    'submit',
    file,
    '--case-codes',
    codes,
    ...more,
  ]);
  return { sanction, code: String(linesOf(codes)[0]?.['case_code']) };
}

describe('a draft', () => {
  it('is read whole by whoever confirms it, and not confirmed unless they say so', async () => {
    const { sanction } = await submitted(1, '--draft');
    const { account = '', reason = '' } = row(1);
    const confirm = ['sanctions', 'confirm', sanction];
    const read = await json(confirm, 'Harbour:admin');
    expect(read).toMatchObject({
      drafts: [{ record: { draft: { account: { text: account } } }, statement: { reason } }],
      confirmed: [],
    });
    const printed = await shown([...confirm, '--yes'], 'Harbour:admin');
    for (const part of [
      account,
      'own-detection',
      'https://',
      'domain',
      'captured-artefact',
      'held',
    ])
      expect(printed).toContain(part);
    const again = await json(confirm, 'Harbour:admin');
    expect(again).toMatchObject({
      error: { code: 'usage', message: expect.stringContaining('held') },
    });
  });

  it('is told apart from its account once it is a record, and from a service at any time', async () => {
    const { sanction } = await submitted(2, '--draft');
    const get = ['sanctions', 'get', sanction];
    expect(await json(get, 'Harbour:service')).not.toHaveProperty('draft');
    await json(['sanctions', 'confirm', sanction, '--yes'], 'Harbour:admin');
    const input = JSON.stringify({ sanction });
    const { result } = await json<{ result: object }>(
      ['call', 'sanctions.get', input],
      'Harbour:trust',
    );
    expect(result).not.toHaveProperty('draft');
  });
});

it('standing says what will be withdrawn for want of a notice, by when, and what to do', async () => {
  const { sanction } = await submitted(3);
  const { noticeDueAt } = await json<{ noticeDueAt: string }>(['sanctions', 'get', sanction]);
  const said = await shown(['standing']);
  expect(said).toContain(`${sanction} is withdrawn ${noticeDueAt} unless`);
  expect(said).toContain(`recourse notify ${sanction}`);
  // Eight days on, and the working day after a weekend.
  const days = JSON.stringify({ advanceSeconds: 11 * 86_400 });
  const headers = { 'Content-Type': 'application/json' };
  await fetch(`${sandbox.server.origin}/sandbox/clock`, { method: 'POST', body: days, headers });
  expect(await shown(['standing'])).toContain(`${sanction} was withdrawn ${noticeDueAt}`);
});

describe('a reviewer reads all that a decision needs', () => {
  let appeal: string;
  let key: string;
  const outcomes = async (): Promise<Record<string, string>> => {
    const read = await json<{ outcomes: { outcome: string; closed?: string }[] }>(
      ['review', 'get', appeal],
      'Panel',
    );
    return Object.fromEntries(
      read.outcomes.map(({ outcome, closed = 'open' }) => [outcome, closed]),
    );
  };

  it('the record with what its reason is not, who appeals and how they came, and what is closed', async () => {
    const { code } = await submitted(4);
    const secret = (name: string, text: string): string => {
      writeFileSync(sandbox.file(name), text, { mode: 0o600 });
      return sandbox.file(name);
    };
    key = sandbox.file('key');
    const creator = async (...args: string[]) =>
      JSON.parse(
        (await runHere(['appeal', ...args, '--sandbox', sandbox.dataDir, '--json'])).stdout,
      ) as { appeal: string };
    await creator('claim', '--code-file', secret('code', code), '--out', key);
    const words = ['--words-file', secret('words', 'My site was taken over.')];
    ({ appeal } = await creator('open', '--key-file', key, '--ground', 'not-me', ...words));
    await json(['review', 'take'], 'Panel');
    const printed = await shown(['review', 'get', appeal], 'Panel');
    for (const part of [
      'what it is not',
      'the code that the platform handed over',
      'taken over',
      'missing',
    ])
      expect(printed).toContain(part);
    expect(await outcomes()).toEqual({
      upheld: 'not-confirmed',
      amended: 'not-confirmed',
      reversed: 'open',
      dismissed: 'open',
      finding: 'record-live',
    });
  });

  it('that nothing is upheld before the creator had a gist and the time to answer it', async () => {
    await json(['evidence', 'deliver', appeal]);
    await json(
      ['review', 'evidence', appeal, '--out', sandbox.file('opened'), '--confirm'],
      'Panel',
    );
    expect(await outcomes()).toMatchObject({ upheld: 'no-gist' });
    writeFileSync(sandbox.file('gist'), 'A capture of one page.');
    const gist = ['review', 'gist', appeal, '--text-file', sandbox.file('gist')];
    const { answerDueAt } = await json<{ answerDueAt: string }>(gist, 'Panel');
    expect(await outcomes()).toMatchObject({ upheld: 'gist-unanswered', reversed: 'open' });
    const printed = await shown(['review', 'get', appeal], 'Panel');
    expect(printed).toContain(`has until ${answerDueAt}`);
    expect(readFileSync(key, 'utf8')).not.toBe('');
  });
});
