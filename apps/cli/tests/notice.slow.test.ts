import { dsaStatementSchema } from '@recourse/protocol';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { row } from './import-rows.ts';
import { linesOf, Sandbox } from './sandbox.ts';

let sandbox: Sandbox;
let sanction: string;
let codes: string;
let account: string;

beforeAll(async () => {
  sandbox = await Sandbox.start();
  const { external_id: _, ...record } = row(1);
  const file = sandbox.file('one.json');
  writeFileSync(file, JSON.stringify({ ...record, ref: 'own-case-0000001' }));
  codes = sandbox.file('one.codes');
  ({ sanction } = await sandbox.json<{ sanction: string }>([
    'submit',
    file,
    '--case-codes',
    codes,
  ]));
  account = sandbox.file('account.txt');
  writeFileSync(account, `${record.account ?? ''}\n`);
});
afterAll(() => sandbox?.stop());

const print = (...more: string[]): string[] => [
  ...`notify ${sanction} --print --channel email --language de --found-by people`.split(' '),
  '--case-codes',
  codes,
  '--account-file',
  account,
  ...more,
];

describe('recourse notify --print', () => {
  it('writes the notice in the language of the creator into a private file', async () => {
    const out = sandbox.file('notice.txt');
    expect((await sandbox.run(print('--out', out))).code).toBe(0);
    const text = readFileSync(out, 'utf8');
    const [line] = linesOf(codes);
    expect(text).toContain(String(line?.['case_link']));
    expect(text).toContain('Phishing oder Schadsoftware');
    expect(text).toContain('A counterfeit login page was served from this domain.');
    expect(statSync(out).mode & 0o077).toBe(0);
  });

  it('puts no case code into a pipe', async () => {
    const { code, stdout } = await sandbox.run(print());
    expect(code).toBe(2);
    expect(stdout).not.toContain(String(linesOf(codes)[0]?.['case_code']));
  });

  it('knows no text in a language without a catalogue, and no language that is none', async () => {
    const out = ['--out', sandbox.file('none.txt')];
    expect((await sandbox.run([...print(...out), '--language', 'nl'])).code).toBe(2);
    expect((await sandbox.run([...print(...out), '--language', 'xx'])).code).toBe(2);
  });

  it('says that it went out only with the time of that', async () => {
    const notify = ['notify', sanction, '--channel', 'letter', '--language', 'de'];
    expect((await sandbox.run(notify)).code).toBe(2);
  });
});

describe('recourse dsa', () => {
  it('prints a valid statement of reasons with the own reference', async () => {
    const made = await sandbox.json<{ puid: string }>(['dsa', sanction, '--found-by', 'people']);
    expect(dsaStatementSchema.safeParse(made).success).toBe(true);
    expect(made.puid).toBe('own-case-0000001');
    expect(JSON.stringify(made)).not.toMatch(/listed-1|counterfeit login page was served|snc_/);
  });

  it('refuses a country outside of the EEA', async () => {
    const run = await sandbox.run(['dsa', sanction, '--found-by', 'people', '--territory', 'US']);
    expect(run.code).toBe(2);
  });
});
