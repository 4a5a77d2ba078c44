import { inviteKey } from '@recourse/protocol';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runHere, type Run } from './in-process.ts';
import { Sandbox } from './sandbox.ts';

let sandbox: Sandbox;
let key: string;
const run = (...args: string[]): Promise<Run> =>
  runHere([...args, '--sandbox', sandbox.dataDir, '--json']);
const done = async (...args: string[]): Promise<Record<string, unknown>> => {
  const { code, stdout, stderr } = await run(...args);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, unknown>;
};

function secretFile(name: string, text: string): string {
  const path = sandbox.file(name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

const fromServer = async <T>(path: string): Promise<T> =>
  (await (await fetch(`${sandbox.server.url}${path}`)).json()) as T;

beforeAll(async () => {
  sandbox = await Sandbox.start();
  const { cases } = await fromServer<{ cases: { label: string; code: string }[] }>('/sandbox');
  const code = cases.find(({ label }) => label === 'payout')?.code ?? '';
  key = sandbox.file('key');
  await done('appeal', 'claim', '--code-file', secretFile('code', code), '--out', key);
});
afterAll(() => sandbox.stop());

it('an address for news is left, confirmed by its code, and forgotten', async () => {
  const email = 'creator@mail.example';
  const address = secretFile('address', email);
  await done('case', 'contact', '--key-file', key, '--address-file', address);
  const { mails } = await fromServer<{ mails: { to: string; text: string }[] }>('/sandbox/outbox');
  const code = /^ {4}([0-9A-Z]{10})$/m.exec(mails.find(({ to }) => to === email)?.text ?? '')?.[1];
  const codeFile = secretFile('mailed', code ?? '');
  const confirm = ['case', 'contact', '--confirm', '--key-file', key, '--code-file', codeFile];
  expect(await done(...confirm)).toEqual({ confirmed: true, triesLeft: 5 });
  const shown = await done('appeal', 'show', '--key-file', key);
  expect(shown).toMatchObject({ case: { contact: { state: 'confirmed' } } });
  expect(await done('case', 'contact', '--remove', '--key-file', key)).toEqual({ removed: true });
});

it('somebody is given access by a file that is theirs alone, and it is ended', async () => {
  const [code, theirs] = [sandbox.file('invitation'), sandbox.file('their-key')];
  const name = ['--name', 'My lawyer'];
  await done('case', 'access', 'invite', '--key-file', key, ...name, '--out', code);
  const accept = ['case', 'access', 'accept', '--code-file', code, '--out', theirs];
  expect(await done(...accept)).toMatchObject({ as: 'representative', keyFile: theirs });
  const shown = await done('appeal', 'show', '--key-file', theirs);
  expect(shown).toMatchObject({ case: { access: 'representative' } });
  await done('case', 'access', 'end', '1', '--key-file', key);
  expect((await run('appeal', 'show', '--key-file', theirs)).code).not.toBe(0);
});

it('operators announce new keys of a platform, and a platform keeps its own', async () => {
  const reenrol = ['parties', 'reenrol', sandbox.party('Tubely'), '--invite'];
  const proposed = await sandbox.json([...reenrol, inviteKey('A'.repeat(24))], 'Operator');
  expect(proposed).toMatchObject({ state: 'proposed' });
  const { code, stderr } = await sandbox.run(['keys', 'keep'], 'Tubely');
  expect([code !== 0, stderr.includes('state-conflict')]).toEqual([true, true]);
});
