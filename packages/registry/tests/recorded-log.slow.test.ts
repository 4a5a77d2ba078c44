import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { foldVersion } from '../src/readers/report/log-fold.ts';
import type { DatabaseCopy } from './recorded/database-copy.ts';
import { Loaded } from './recorded/readers.ts';
import { readRecording } from './recorded/recording.ts';
import { plainVerification, verification } from './recorded/verification.ts';

// What was said of a log and its database when they were recorded is said of them today. A commit that changes an answer
// on purpose says so, and takes the new one over: `npx vitest run recorded-log -u`.

const recording = readRecording();
const whole = recording.copies.at(-1)!;
const old = recording.copies.slice(0, -1);

const frozen = (name: string): string => `./recorded/${name}.json`;
const frozenText = (name: string): string =>
  readFileSync(new URL(frozen(name), import.meta.url), 'utf8');
const written = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`;

/** What is said of a copy of the database, in a database of its own. */
async function saidOf<T>(copy: DatabaseCopy, say: (loaded: Loaded) => Promise<T>): Promise<string> {
  const loaded = await Loaded.of(recording, copy);
  try {
    return written(await say(loaded));
  } finally {
    await loaded.drop();
  }
}

describe('of the whole database', () => {
  let loaded: Loaded;
  beforeAll(async () => {
    loaded = await Loaded.of(recording, whole);
  });
  afterAll(() => loaded.drop());

  test('the doctor says what it said', async () => {
    await expect(written(await loaded.doctor())).toMatchFileSnapshot(frozen('doctor'));
  });

  test('the transparency report is the same', async () => {
    await expect(written(await loaded.report())).toMatchFileSnapshot(frozen('report'));
  });

  test('the report is the same where the log was counted in pieces before', async () => {
    const figures = await loaded.count(7);
    expect(written(await loaded.report())).toBe(frozenText('report'));
    // Where the same log comes to other figures, raise the version: servers then count anew what they have counted.
    expect({ version: foldVersion, figures }).toEqual({ version: 1, figures: '4019c3e6c082d825' });
  });
});

test('anybody who reads the log finds what was found', async () => {
  await expect(written(await verification(recording))).toMatchFileSnapshot(frozen('verification'));
});

const hasPython = spawnSync('python3', ['--version']).status === 0;

test.skipIf(!hasPython)('the client made from docs/ledger.md verifies it too', async () => {
  expect(await plainVerification(recording)).toMatch(/^verified: \d+ entries/);
});

test.each(old.map((copy, at) => ({ copy, at })))(
  'a recovery of old copy $at regains what it regained',
  async ({ copy, at }) => {
    const recovery = await saidOf(copy, (loaded) => loaded.recover());
    await expect(recovery).toMatchFileSnapshot(frozen(`recovery-${at}`));
  },
);

describe('something else is said', () => {
  /** A copy in which the last row of a table was lost. */
  const without = (copy: DatabaseCopy, table: string): DatabaseCopy => {
    const { key, rows } = copy[table]!;
    return { ...copy, [table]: { key, rows: rows.slice(0, -1) } };
  };

  test('by the doctor and the report, of a database that lost a row', async () => {
    const loaded = await Loaded.of(recording, without(whole, 'disclosures'));
    try {
      expect(written(await loaded.doctor())).not.toBe(frozenText('doctor'));
      expect(written(await loaded.report())).not.toBe(frozenText('report'));
    } finally {
      await loaded.drop();
    }
  });

  test('by whoever reads the log, of one in which a byte is another', async () => {
    const path = [...recording.files.keys()].find((one) => one.startsWith('tile/entries/'))!;
    const bytes = Buffer.from(recording.files.get(path)!);
    bytes[100]! ^= 1;
    const files = new Map([...recording.files, [path, bytes]]);
    expect(written(await verification({ ...recording, files }))).not.toBe(
      frozenText('verification'),
    );
  });

  test('by a recovery, of an old copy that lost a row', async () => {
    const at = old.length - 1;
    const recovery = await saidOf(without(old[at]!, 'disclosures'), (loaded) => loaded.recover());
    expect(recovery).not.toBe(frozenText(`recovery-${at}`));
  });
});
