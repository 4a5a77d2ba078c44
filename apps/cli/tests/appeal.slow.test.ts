import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { row, writeNdjson } from './import-rows.ts';
import { runHere, type Run } from './in-process.ts';
import { finished, linesOf, Sandbox, spawnCli } from './sandbox.ts';

let sandbox: Sandbox;
let journal: string;
let codes: Map<string, { sanction: string; code: string }>;

beforeAll(async () => {
  sandbox = await Sandbox.start();
  const path = sandbox.file('told.ndjson');
  const caseCodes = sandbox.file('told.codes');
  const notice = {
    notice_channel: 'letter',
    notice_language: 'en',
    notice_sent_at: new Date().toISOString(),
  } as const;
  writeNdjson(path, [row(1, notice), row(2, notice), row(3, notice)]);
  await sandbox.run(['import', path, '--case-codes', caseCodes]);
  journal = `${path}.journal`;
  codes = new Map(
    linesOf(caseCodes).map((line) => [
      String(line['external_id']),
      { sanction: String(line['sanction']), code: String(line['case_code']) },
    ]),
  );
});
afterAll(() => sandbox.stop());

/** A creator has no profile: the sandbox only says where the registry is. */
const creator = (...args: string[]): Promise<Run> =>
  runHere(['appeal', ...args, '--sandbox', sandbox.dataDir, '--json']);
const json = <T = Record<string, unknown>>({ stdout }: Run): T => JSON.parse(stdout) as T;

function secretFile(name: string, text: string): string {
  const path = sandbox.file(name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

const record = (n: number): { sanction: string; code: string } => {
  const found = codes.get(`case-${n}`);
  if (!found) throw new Error('no such record');
  return found;
};

/** Claims the case of a record and appeals; its key is in `key-N`. */
async function appealed(n: number, ground: string): Promise<{ appeal: string; key: string }> {
  const codeFile = secretFile(`code-${n}`, `http://localhost/case#${record(n).code}\n`);
  const key = sandbox.file(`key-${n}`);
  await creator('claim', '--code-file', codeFile, '--out', key);
  const words = secretFile(`words-${n}`, 'It was not me.\nMy site was taken over.');
  const opened = await creator(
    'open',
    '--key-file',
    key,
    '--ground',
    ground,
    '--words-file',
    words,
  );
  return { appeal: String(json(opened)['appeal']), key };
}

const ref = 'tubely-case-0000000001';
const check = (n: number, ...more: string[]) =>
  sandbox.json<{ advice: string }>(
    [
      'check',
      '--always-ask',
      '--domain',
      `listed-${n}.example`,
      '--purpose',
      'signup',
      '--proven-at',
      new Date().toISOString(),
      ...more,
    ],
    'Tubely',
  );

describe('an appeal from claim to letter', () => {
  let appeal: string;
  let key: string;

  it('begins with the code of the notice, which goes on to show the record and nothing of the appeal', async () => {
    await check(1, '--ref', ref);
    const codeFile = secretFile('code-first', record(1).code);
    const shown = await creator('show', '--code-file', codeFile);
    expect(json(shown)).toMatchObject({ case: { access: 'code', facts: {} } });
    ({ appeal, key } = await appealed(1, 'not-me'));
    expect(statSync(key).mode & 0o777).toBe(0o600);
    expect(await check(1)).toMatchObject({ matches: [{ disputed: true }] });
    const again = await creator('show', '--code-file', codeFile);
    expect(json(again)).toMatchObject({ case: { access: 'code', appeals: [{ joined: false }] } });
  });

  it('is assigned to a reviewer who is independent of everyone told', async () => {
    const queue = await sandbox.json(['review', 'queue'], 'Panel:3');
    expect(queue).toMatchObject({ claims: [], waiting: { all: 1, eligible: 0 } });
    expect(await sandbox.json(['review', 'take'], 'Panel:3')).toEqual({ taken: null });
    expect(await sandbox.json(['review', 'take'], 'Panel')).toMatchObject({ taken: { appeal } });
    const got = await sandbox.json<object>(['review', 'get', appeal], 'Panel');
    expect(got).toMatchObject({ words: 'It was not me.\nMy site was taken over.' });
  });

  it('gets its evidence from the journal of the import to the reviewer, sealed', async () => {
    const pack = sandbox.file('pack-1');
    const { sanction } = record(1);
    await sandbox.run(['evidence', 'pack', sanction, '--journal', journal, '--out', pack]);
    const delivered = await sandbox.json(['evidence', 'deliver', appeal, '--pack', pack]);
    expect(delivered).toMatchObject({ items: [0], missing: [] });
    const out = sandbox.file('opened');
    const open = ['review', 'evidence', appeal, '--out', out, '--confirm'];
    const opened = await sandbox.json<{ items: { file: string }[] }>(open, 'Panel');
    expect(opened).toMatchObject({ items: [{ fits: true }], confirmed: {} });
    expect(statSync(out).mode & 0o777).toBe(0o700);
    expect(readFileSync(opened.items[0]?.file ?? '', 'utf8')).toContain('GET / of site 1');
  });

  it('tells the creator the gist, and hears them with words and a file', async () => {
    const gist = secretFile('gist', 'A capture of one page.');
    const ask = ['review', 'gist', appeal, '--text-file', gist];
    const { question } = await sandbox.json<{ question: string }>(ask, 'Panel');
    const words = secretFile('answer', 'It was uploaded by somebody else.');
    const answer = ['--question', question, '--words-file', words];
    expect((await creator('add', '--key-file', key, ...answer)).code).toBe(0);
    const note = secretFile('note.txt', 'A note of the provider.');
    expect((await creator('file', note, '--key-file', key)).code).toBe(0);
    const saved = sandbox.file('from-creator.txt');
    await sandbox.run(['review', 'file', appeal, '0', '--out', saved], 'Panel');
    expect(readFileSync(saved, 'utf8')).toBe('A note of the provider.');
  });

  it('is decided, and the creator has a letter and a receipt to show', async () => {
    const reasons = secretFile('reasons', 'Somebody else put it there.');
    const decide = ['--outcome', 'reversed', '--cause', 'mistaken-identity'];
    const decided = await sandbox.json(
      ['review', 'decide', appeal, ...decide, '--reasons-file', reasons],
      'Panel',
    );
    expect(decided).toMatchObject({ state: 'decided', outcome: 'reversed', recalls: 1 });
    const letter = await creator('letter', '--key-file', key, '--out', sandbox.file('letter.json'));
    expect(json(letter)).toMatchObject({ text: expect.stringContaining('Harbour') });
    const receipt = await creator('receipt', '--key-file', key, '--out', sandbox.file('receipt'));
    expect(json(receipt)).toMatchObject({ appeals: 1 });
  });

  it('is undone by who was told, found by its own reference', async () => {
    const { sanction } = record(1);
    const list = ['recalls', 'list'];
    const listed = await sandbox.json<{ recalls: { recall: string }[] }>(list, 'Tubely');
    expect(listed).toMatchObject({ recalls: [{ kind: 'undo', sanction, told: [{ ref }, {}] }] });
    const acknowledge = ['recalls', 'acknowledge', listed.recalls[0]?.recall ?? '', '--action'];
    const kept = [...acknowledge, 'kept-on-own-grounds', '--copies', 'kept'];
    expect((await sandbox.run(kept, 'Tubely')).code).toBe(2);
    const undone = [...acknowledge, 'undone', '--copies', 'deleted'];
    expect(await sandbox.json(undone, 'Tubely')).toMatchObject({ open: 0, checksStopped: false });
    expect(await sandbox.json(list, 'Tubely')).toEqual({ recalls: [] });
    expect(await check(1)).toMatchObject({ advice: 'no-record' });
  });

  it('is heard of by events, until they are acknowledged', async () => {
    const polled = await sandbox.json<{ events: { id: string; type: string }[] }>(
      ['events', 'poll'],
      'Tubely',
    );
    expect(polled.events.map(({ type }) => type)).toContain('sanction-reversed');
    const ack = polled.events.flatMap(({ id }) => ['--ack', id]);
    expect(await sandbox.json(['events', 'poll', ...ack], 'Tubely')).toMatchObject({ events: [] });
  });
});

describe('the submitter', () => {
  it('stands by a record, or concedes it', async () => {
    const { appeal, key } = await appealed(2, 'facts-wrong');
    const text = secretFile('stand', 'We have the capture.');
    const stood = await sandbox.json(['appeals', 'stand', appeal, '--text-file', text]);
    expect(stood).toMatchObject({ state: 'open' });
    const list = await sandbox.json(['appeals', 'list', '--open']);
    expect(list).toMatchObject({ appeals: [{ appeal, ground: 'facts-wrong' }] });
    expect(await sandbox.json(['appeals', 'get', appeal])).toMatchObject({
      words: 'It was not me.\nMy site was taken over.',
      response: { text: 'We have the capture.' },
    });
    const conceded = await sandbox.json(['appeals', 'concede', appeal, '--cause', 'error']);
    expect(conceded).toMatchObject({ state: 'conceded' });
    const shown = json<{ case: object }>(await creator('show', '--key-file', key));
    expect(shown.case).toMatchObject({ state: 'reversed', endCause: 'conceded' });
  });
});

describe('the creator', () => {
  it('withdraws an appeal, keeps it after all, and rotates the key', async () => {
    const { appeal, key } = await appealed(3, 'disproportionate');
    const withdrawn = json(await creator('withdraw', '--key-file', key));
    expect(withdrawn).toMatchObject({ appeal, effectiveAt: expect.any(String) });
    expect(json(await creator('keep', '--key-file', key))).toEqual({ appeal });
    const next = sandbox.file('key-3-next');
    expect((await creator('rotate', '--key-file', key, '--out', next)).code).toBe(0);
    expect((await creator('show', '--key-file', key)).code).toBe(1);
    expect((await creator('show', '--key-file', next)).code).toBe(0);
  });

  it('loses no key: an existing file is not overwritten, and nothing is claimed', async () => {
    const code = secretFile('code-again', record(1).code);
    const run = await creator('claim', '--code-file', code, '--out', sandbox.file('key-1'));
    expect([run.code, json(run)]).toMatchObject([2, { error: { code: 'file-exists' } }]);
  });

  it('keeps no key of a claim that was refused', async () => {
    const code = secretFile('code-taken', readFileSync(sandbox.file('key-1'), 'utf8'));
    const out = sandbox.file('key-refused');
    const run = await creator('claim', '--code-file', code, '--out', out);
    expect([run.code, json(run)]).toMatchObject([1, { error: { code: 'state-conflict' } }]);
    expect(() => statSync(out)).toThrow();
  });

  it('reads a secret from stdin', async () => {
    const child = spawnCli(
      ['appeal', 'show', '--sandbox', sandbox.dataDir, '--json'],
      {},
      readFileSync(sandbox.file('key-1'), 'utf8'),
    );
    expect(json(await finished(child))).toMatchObject({
      case: { access: 'claimant' },
    });
  });

  it('has a file of secrets that others can read refused', async () => {
    const path = sandbox.file('exposed');
    writeFileSync(path, record(1).code, { mode: 0o644 });
    const run = await creator('show', '--code-file', path);
    expect([run.code, json(run)]).toMatchObject([2, { error: { code: 'file-exposed' } }]);
  });

  it('is not heard by a secret on the command line, and it is repeated nowhere', async () => {
    for (const args of [
      ['show', record(1).code],
      ['show', '--code-file', record(1).code],
      ['claim', `--code-file=${record(1).code}`, '--out', sandbox.file('never')],
    ]) {
      const run = await creator(...args);
      expect([run.code, json(run)]).toMatchObject([2, { error: { code: 'secret-argument' } }]);
      expect(run.stdout + run.stderr).not.toContain(record(1).code);
    }
  });
});
