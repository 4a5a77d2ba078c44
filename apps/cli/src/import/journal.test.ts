import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Journal, type KeptIntent } from './journal.ts';

let dir: string;
let path: string;
const owner = { origin: 'https://registry.test', party: 'plt_a' };
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the journal looks at two of its members
const intent = {
  sanction: 'snc_a',
  subjects: [{ index: 3, kind: 'domain' }],
  input: {},
} as unknown as KeptIntent;
const prepared = { hash: 'h', idem: 'i', attempt: 1, intent };

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'recourse-journal-'));
  path = join(dir, 'a.journal');
});
afterEach(() => rmSync(dir, { recursive: true }));

const reopened = (): Promise<Journal> => Journal.open(path, owner);

describe('the journal remembers each step of each record', () => {
  it.each(['submitted', 'drafted', 'refused'] as const)(
    '%s: nothing is left to send',
    async (step) => {
      const journal = await reopened();
      await journal.prepared('a', prepared);
      await journal.step('a', step);
      await journal.close();
      const record = (await reopened()).get('a');
      expect(record).toMatchObject({ state: step, hash: 'h', sanction: 'snc_a', notified: false });
      expect(record).not.toHaveProperty('intent');
    },
  );

  it('prepared or drafting: the same statement is sent again', async () => {
    const journal = await reopened();
    await journal.prepared('a', prepared);
    await journal.prepared('b', prepared);
    await journal.step('b', 'drafting');
    await journal.close();
    const again = await reopened();
    expect(again.get('a')).toMatchObject({ state: 'prepared', intent });
    expect(again.get('b')).toMatchObject({ state: 'drafting', intent });
  });

  it('drops a last line that a crash cut off, and goes on from there', async () => {
    const journal = await reopened();
    await journal.prepared('a', prepared);
    await journal.step('a', 'submitted');
    await journal.close();
    writeFileSync(path, readFileSync(path, 'utf8').slice(0, -3));
    const cut = await reopened();
    expect(cut.get('a')?.state).toBe('prepared');
    await cut.step('a', 'submitted');
    await cut.close();
    expect((await reopened()).get('a')?.state).toBe('submitted');
  });

  it('puts many steps on disk with each promise', async () => {
    const journal = await reopened();
    await Promise.all(Array.from({ length: 50 }, (_, at) => journal.prepared(`r${at}`, prepared)));
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(52);
    await journal.close();
  });
});

describe('a journal holds salts and tokens', () => {
  it('is for its owner alone', async () => {
    await (await reopened()).close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    chmodSync(path, 0o644);
    await expect(reopened()).rejects.toMatchObject({ code: 'file-exposed' });
  });

  it('belongs to one party at one registry', async () => {
    await (await reopened()).close();
    const other = Journal.open(path, { ...owner, party: 'plt_b' });
    await expect(other).rejects.toMatchObject({ code: 'journal-invalid' });
  });

  it('keeps its secret, so that a record has the same name in the next run, whoever signs it', async () => {
    const journal = await reopened();
    await journal.close();
    expect((await reopened()).secret).toBe(journal.secret);
    rmSync(path);
    expect((await reopened()).secret).not.toBe(journal.secret);
  });

  it('is refused when it is something else, which stays as it is', async () => {
    for (const text of ['notes\n', 'notes']) {
      writeFileSync(path, text, { mode: 0o600 });
      await expect(reopened()).rejects.toMatchObject({ code: 'journal-invalid' });
      expect(readFileSync(path, 'utf8')).toBe(text);
    }
  });
});
