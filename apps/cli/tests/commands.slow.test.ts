import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { decodeInvite, encodeInvite, inviteKey, ops } from '@recourse/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { row, writeCsv } from './import-rows.ts';
import { runHere, type Run } from './in-process.ts';
import { finished, linesOf, Sandbox, spawnCli } from './sandbox.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await Sandbox.start();
});
afterAll(() => sandbox.stop());

interface SandboxKey {
  readonly name: string;
  readonly party: string;
  readonly role: string;
  readonly admin: boolean;
  readonly privateJwk: unknown;
}

function keyOf(name: string, role: string, admin = false): SandboxKey {
  const { parties } = JSON.parse(readFileSync(`${sandbox.dataDir}/sandbox.json`, 'utf8')) as {
    parties: SandboxKey[];
  };
  const key = parties.find(
    (party) => party.name === name && party.role === role && party.admin === admin,
  );
  if (!key) throw new Error('no such key');
  return key;
}

/** A config file with one profile, whose members a test changes. */
function profile(overrides: object = {}, keyMode = 0o600): string {
  const key = keyOf('Harbour', 'trust');
  const keyFile = sandbox.file(`key-${Math.random()}.json`);
  writeFileSync(keyFile, JSON.stringify(key.privateJwk), { mode: 0o600 });
  chmodSync(keyFile, keyMode);
  const config = sandbox.file(`config-${Math.random()}.json`);
  const { origin } = sandbox.server;
  const harbour = {
    origin,
    logKid: 'A'.repeat(43),
    policy: 'A'.repeat(43),
    party: key.party,
    keys: { trust: keyFile },
    ...overrides,
  };
  writeFileSync(config, JSON.stringify({ profile: 'harbour', profiles: { harbour } }), {
    mode: 0o600,
  });
  return config;
}

/** In a process of its own, as a script has it. */
const cli = (...args: string[]): Promise<Run> => finished(spawnCli(args));
const harbour = (): string[] => ['--sandbox', sandbox.dataDir, '--as', 'Harbour'];
const error = ({ stdout }: Run): unknown => (JSON.parse(stdout) as { error: unknown }).error;

describe('the exit code tells a script what happened', () => {
  it('0: done', async () => {
    expect((await cli('parties', ...harbour())).code).toBe(0);
  });

  it('0: the directory is public, and asks not as whom', async () => {
    expect((await runHere(['parties', '--sandbox', sandbox.dataDir])).code).toBe(0);
    const nobody = await sandbox.run(['parties', '--json'], 'Nobody');
    expect([nobody.code, error(nobody)]).toMatchObject([2, { code: 'profile-missing' }]);
  });

  it('1: refused by the registry, with what to do next', async () => {
    const unknown = '{"sanction":"snc_01hzy3v7q8e9k4m5n6p7r8s9t0"}';
    const run = await cli('call', 'sanctions.get', unknown, '--json', ...harbour());
    expect(run.code).toBe(1);
    expect(error(run)).toMatchObject({ code: 'not-found', next: expect.stringMatching(/./) });
  });

  it('1: a sanction is no draft, and is not confirmed', async () => {
    const [own] = (await sandbox.json<{ sanctions: { sanction: string }[] }>(['sanctions', 'list']))
      .sanctions;
    const input = JSON.stringify({ sanctions: [own?.sanction] });
    const run = await sandbox.run(['call', 'sanctions.confirm', input, '--json'], 'Harbour');
    expect([run.code, error(run)]).toMatchObject([1, { code: 'state-conflict' }]);
  });

  it.each([
    ['an unknown command', ['nonsense']],
    ['an unknown purpose', ['check', '--domain', 'a.example', '--purpose', 'curiosity']],
    ['no profile', ['sanctions', 'list', '--config', '/nonexistent/config.json']],
    ['a broken JSON input', ['call', 'sanctions.get', '{', '--config', '/nonexistent/c']],
    ['--as without --sandbox', ['parties', '--as', 'Harbour']],
    ['an import without a place for case codes', ['import', 'x.csv']],
  ])('2: %s', async (_, args) => {
    expect((await runHere(args)).code).toBe(2);
  });

  it('2: an input that no registry would take, before it is sent', async () => {
    const run = await sandbox.run(['call', 'sanctions.get', '{"sanction":"x"}', '--json']);
    expect([run.code, error(run)]).toMatchObject([
      2,
      { code: 'invalid-input', issues: [{ path: 'sanction' }] },
    ]);
  });

  it('2: a role that the profile has no key of', async () => {
    const run = await sandbox.run(['keys', 'list', '--json'], 'Harbour:service');
    expect([run.code, error(run)]).toMatchObject([2, { code: 'signer-missing' }]);
  });

  it('3: the registry does not answer', async () => {
    const config = profile({ url: 'http://127.0.0.1:9' });
    expect((await cli('parties', '--config', config)).code).toBe(3);
  });

  it('4: a registry whose ledger key is not the pinned one is not believed', async () => {
    const run = await cli('sanctions', 'list', '--config', profile(), '--json');
    expect([run.code, error(run)]).toMatchObject([4, { code: 'registry-key-invalid' }]);
  });
});

describe('key files are for their owner alone', () => {
  it.each([0o640, 0o604, 0o660])('refuses mode %o', async (mode) => {
    const config = profile({}, mode);
    const run = await runHere(['sanctions', 'list', '--config', config, '--json']);
    expect([run.code, error(run)]).toMatchObject([2, { code: 'file-exposed' }]);
  });

  it('makes them so, and overwrites none', async () => {
    const path = sandbox.file('new/key.json');
    const made = await runHere(['keys', 'new', path, '--json']);
    expect(made.code).toBe(0);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(made.stdout).not.toContain((JSON.parse(readFileSync(path, 'utf8')) as { d: string }).d);
    const again = await runHere(['keys', 'new', path, '--json']);
    expect([again.code, error(again)]).toMatchObject([2, { code: 'file-exists' }]);
  });
});

describe('enrolment', () => {
  it('from an invite to a profile that works, with a key that only its holder has', async () => {
    const out = sandbox.file('invite.txt');
    const ask = ['keys', 'invite', '--role', 'trust', '--out', out, '--json'];
    const invited = await sandbox.run(ask, 'Harbour:admin');
    expect(invited.code).toBe(0);
    expect(statSync(out).mode & 0o777).toBe(0o600);
    const invite = readFileSync(out, 'utf8').trim();
    const { code } = decodeInvite(invite);
    expect(invited.stdout + invited.stderr).not.toContain(code);
    const config = sandbox.file('xdg/recourse/config.json');
    const env = { XDG_CONFIG_HOME: sandbox.file('xdg'), RECOURSE_PROFILE: 'ana' };
    // An invite that does not hold leaves its key, which the next one takes.
    const other = [
      'keys',
      'invite',
      '--role',
      'trust',
      '--out',
      sandbox.file('void.txt'),
      '--json',
    ];
    await sandbox.run(other, 'Harbour:admin');
    const stale = readFileSync(sandbox.file('void.txt'), 'utf8').trim();
    const wrong = encodeInvite({ ...decodeInvite(stale), code: 'A'.repeat(43) });
    const refused = await runHere(['enrol', wrong, '--json'], env);
    expect([refused.code, error(refused)]).toMatchObject([1, { code: 'invite-invalid' }]);
    const enrolled = await finished(spawnCli(['enrol', invite, '--json'], env));
    const { kid, state, keyFile } = JSON.parse(enrolled.stdout) as Record<string, string>;
    expect(state).toBe('awaiting-admin');
    expect(enrolled.stdout + enrolled.stderr).not.toContain(code);
    for (const path of [config, keyFile ?? '']) expect(statSync(path).mode & 0o777).toBe(0o600);

    const reviewer = ['keys', 'invite', '--role', 'reviewer', '--out', sandbox.file('no.txt')];
    expect((await sandbox.run(reviewer, 'Harbour:admin')).code).toBe(2);
    const noAdmin = ['keys', 'invite', '--role', 'trust', '--out', sandbox.file('no.txt')];
    expect((await sandbox.run(noAdmin, 'Harbour:service')).code).toBe(2);

    const waiting = await runHere(['sanctions', 'list', '--json'], env);
    expect([waiting.code, error(waiting)]).toMatchObject([1, { code: 'unknown-key' }]);
    expect((await sandbox.run(['keys', 'add', kid ?? ''], 'Harbour:admin')).code).toBe(0);
    const listed = await runHere(['sanctions', 'list', '--json'], env);
    expect(listed.code).toBe(0);

    const revoke = ['keys', 'revoke', kid ?? '', '--why', 'retired'];
    expect((await sandbox.run(revoke, 'Harbour:admin')).code).toBe(0);
    const after = await runHere(['sanctions', 'list', '--json'], env);
    expect([after.code, error(after)]).toMatchObject([1, { code: 'key-inactive' }]);
  });

  it('adds the key of a service, which proves itself to the admin key', async () => {
    const path = sandbox.file('service.json');
    await runHere(['keys', 'new', path]);
    const add = ['keys', 'add', '--key-file', path, '--role', 'service', '--json'];
    const { code, stdout } = await sandbox.run(add, 'Harbour');
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { role: 'service' }]);
  });
});

it('operators announce new keys of a platform, and nobody keeps keys before that', async () => {
  const { code, stderr } = await sandbox.run(['keys', 'keep'], 'Tubely');
  expect([code, stderr.includes('state-conflict')]).toEqual([1, true]);
  const reenrol = ['parties', 'reenrol', sandbox.party('Tubely'), '--invite'];
  const proposed = await sandbox.json([...reenrol, inviteKey('A'.repeat(24))], 'Operator');
  expect(proposed).toMatchObject({ state: 'proposed' });
});

describe('one sanction from submission to withdrawal', () => {
  it('goes by single commands, each with one JSON document on stdout', async () => {
    const file = sandbox.file('one.json');
    const { external_id: _, ...record } = row(1, { reason: 'fraud.phishing' });
    writeFileSync(file, JSON.stringify(record));
    const codes = sandbox.file('one.codes');
    const submit = ['submit', file, '--case-codes', codes];
    const submitted = await sandbox.json<{ sanction: string; state: string }>(submit);
    expect(submitted).toMatchObject({ state: 'held', evidence: [{ class: 'captured-artefact' }] });
    expect(linesOf(codes)).toMatchObject([{ sanction: submitted.sanction }]);
    const { sanction } = submitted;
    const notice = [
      '--channel',
      'letter',
      '--language',
      'en',
      '--sent-at',
      new Date().toISOString(),
    ];
    expect(await sandbox.json(['notify', sanction, ...notice])).toMatchObject({ state: 'visible' });

    const about = ['--domain', 'listed-1.example', '--purpose', 'signup'];
    const ask = ['check', '--always-ask', ...about, '--proven-at'];
    const tubely = () => sandbox.json<object>([...ask, new Date().toISOString()], 'Tubely');
    expect(await tubely()).toMatchObject({
      matches: [{ sanction, reason: 'fraud.phishing', submitter: { name: 'Harbour' } }],
      receipts: [expect.any(String), expect.any(String)],
    });
    const status = ['call', 'sanctions.status', JSON.stringify({ sanction })];
    const answer = await sandbox.json(status, 'Tubely');
    expect(answer).toMatchObject({ result: { state: 'visible' } });
    const withdraw = ['sanctions', 'withdraw', sanction, '--cause', 'error'];
    expect(await sandbox.json(withdraw)).toMatchObject({ state: 'withdrawn', recalls: 1 });
    expect(await tubely()).toMatchObject({ advice: 'no-record', matches: [] });
  });

  it('ends by a home reversal with its whole lifting, and not with half of it', async () => {
    const file = sandbox.file('lifted.json');
    const { external_id: _, ...record } = row(4);
    writeFileSync(file, JSON.stringify(record));
    const submit = ['submit', file, '--case-codes', sandbox.file('lifted.codes')];
    const { sanction } = await sandbox.json<{ sanction: string }>(submit);
    const withdraw = ['sanctions', 'withdraw', sanction, '--cause', 'home-reversal'];
    const half = [...withdraw, '--lifted-by', 'court', '--lifted-at', new Date().toISOString()];
    expect((await sandbox.run(half)).code).toBe(2);
    const complaint = sandbox.file('ruling.txt');
    writeFileSync(complaint, 'They had the wrong account.');
    const ended = await sandbox.json([...half, '--complaint', complaint]);
    const opening = { commitment: expect.any(String), salt: expect.any(String) };
    expect(ended).toMatchObject({ state: 'withdrawn', complaint: opening });
  });

  it('confirms no record that is not under review as a derived record', async () => {
    const [own] = (await sandbox.json<{ sanctions: { sanction: string }[] }>(['sanctions', 'list']))
      .sanctions;
    const file = sandbox.file('own.csv');
    writeFileSync(file, 'a,b');
    const evidence = ['--evidence', `payment-records=${file}`, '--basis', 'later'];
    const at = ['--collected-at', new Date().toISOString(), '--json'];
    const confirm = ['sanctions', 'confirm-echo', own!.sanction, ...evidence, ...at];
    const run = await sandbox.run(confirm, 'Harbour:trust');
    expect([run.code, error(run)]).toMatchObject([1, { code: 'state-conflict' }]);
  });

  it('does not print a case code into a pipe', async () => {
    const file = sandbox.file('two.json');
    writeFileSync(file, JSON.stringify(row(2)));
    const before = await sandbox.count();
    expect((await cli('submit', file, ...harbour())).code).toBe(2);
    expect(await sandbox.count()).toBe(before);
  });

  it('takes columns as flags, over those of the file', async () => {
    const file = sandbox.file('three.json');
    writeFileSync(file, JSON.stringify(row(3)));
    const codes = ['--case-codes', sandbox.file('three.codes')];
    const run = await sandbox.run(['submit', file, ...codes, '--reason', 'opinion.rude', '--json']);
    expect([run.code, error(run)]).toMatchObject([2, { issues: [{ path: 'reason' }] }]);
  });
});

describe('what is printed', () => {
  it('has no colours in a pipe', async () => {
    writeCsv(sandbox.file('p.csv'), [row(9, { control: '' })]);
    for (const args of [
      ['sanctions', 'list'],
      ['import', sandbox.file('p.csv'), '--dry-run'],
      ['nonsense'],
    ]) {
      const { stdout, stderr } = await cli(...args, ...harbour());
      expect(stdout + stderr).not.toContain('\u001b');
    }
  });

  it('has help, roles and input of every operation from the op table', async () => {
    const { stdout } = await runHere(['call', '--help']);
    for (const name of Object.keys(ops)) expect(stdout).toContain(name);
    const run = await runHere(['call', 'keys.revoke', '--help']);
    expect(run.stdout).toContain('admin key of service, trust, reviewer, operator');
    expect(run.stdout).toContain('"compromised"');
    expect((await runHere(['--help'])).stdout).toContain('Exit codes');
  });
});
