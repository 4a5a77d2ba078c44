import { randomInt } from 'node:crypto';
import { addSignatures, type NoteSigner } from '@recourse/ledger';
import { insertPending, newestCheckpoint } from '@recourse/registry';
import { startTestRegistry, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { logged, newSigner } from './ledger-fixture.ts';
import {
  dumpOf,
  filesOf,
  logAndSign,
  recover,
  refusalOf,
  type OldDump,
} from './recovery-fixture.ts';
import type { Files } from './recovery-files.ts';

const atDump = 100;
const opened: TestRegistry[] = [];
let live: TestRegistry;
let signer: NoteSigner;
let short: { files: Files; outside: string };
let whole: { files: Files; outside: string };
let longer: Files;

beforeAll(async () => {
  signer = await newSigner();
  live = await start();
  await grow(live, atDump);
  await logAndSign(live, signer);
  const dump = await dumpOf(live);
  opened.push(dump);
  short = await further(live, 300);
  whole = await further(live, 300);
  longer = (await further(live, 200)).files;
  first = dump;
});
let first: TestRegistry;
afterAll(async () => {
  for (const registry of opened) await registry.close();
});

async function start(): Promise<TestRegistry> {
  const registry = await startTestRegistry();
  opened.push(registry);
  return registry;
}

/** Any entries: what they say is not looked at here. */
const grow = (registry: TestRegistry, count: number, member = 'n'): Promise<void> =>
  insertPending(
    registry.db,
    Array.from({ length: count }, () => JSON.stringify({ [member]: randomInt(2 ** 40) })),
    new Date(),
  );

async function further(registry: TestRegistry, count: number, by = signer) {
  await grow(registry, count);
  const outside = await logAndSign(registry, by);
  return { files: await filesOf(registry), outside };
}

/** The old copy, with what a test changes. */
async function old(change: Partial<OldDump> = {}): Promise<OldDump> {
  const dump = change.dump ?? (await dumpOf(first));
  if (!change.dump) opened.push(dump);
  return { dump, signer, ...whole, ...change };
}

/** What is in the database after a refusal is the beginning of what was signed. */
async function expectPrefix(dump: TestRegistry): Promise<void> {
  const entries = await logged(dump.db);
  expect(entries).toEqual((await logged(live.db)).slice(0, entries.length));
}

describe('a copy is refused', () => {
  test('with one byte changed in any file, and what was written is as signed', async () => {
    const dump = await dumpOf(first);
    opened.push(dump);
    for (const [path, file] of whole.files) {
      const changed = Buffer.from(file);
      const at = randomInt(changed.length);
      changed[at] = changed[at]! ^ (1 << randomInt(8));
      const files = new Map([...whole.files, [path, changed]]);
      const code = path === 'checkpoint' ? /^copy-(of-another-log|short)$/ : /^copy-damaged$/;
      expect([path, at, await refusalOf(recover(await old({ dump, files })))]).toEqual([
        path,
        at,
        expect.stringMatching(code),
      ]);
      await expectPrefix(dump);
    }
    expect(await refusalOf(recover(await old({ dump })))).toBe('recovered');
  });

  test('not, but kept of it is no line but that of the log: one that is false would spoil the note for its readers', async () => {
    const line = { name: 'w.example', id: 7, signature: Buffer.alloc(72, 1) };
    const spoiled = addSignatures(whole.files.get('checkpoint')!, [line]);
    const files = new Map([...whole.files, ['checkpoint', Buffer.from(spoiled)]]);
    const { dump } = await old({ files });
    expect(await refusalOf(recover({ dump, signer, ...whole, files }))).toBe('recovered');
    expect((await newestCheckpoint(dump.db))?.note).toBe(whole.outside);
  });

  test.each(['checkpoint', 'tile/0/001', 'tile/entries/001', 'tile/1/000.p/2'])(
    'without %s',
    async (path) => {
      const files = new Map([...whole.files].filter(([name]) => name !== path));
      expect(await refusalOf(recover(await old({ files })))).toBe('copy-incomplete');
    },
  );

  test('that ends before the checkpoint that is kept outside', async () => {
    expect(await refusalOf(recover(await old({ files: short.files })))).toBe('copy-short');
  });

  test('that ends before a database that was brought further', async () => {
    const dump = await dumpOf(first);
    opened.push(dump);
    await recover(await old({ dump }));
    const behind = await old({ dump, files: short.files, outside: short.outside });
    expect(await refusalOf(recover(behind))).toBe('copy-short');
  });

  test('of another log', async () => {
    const another = await start();
    const by = await newSigner('another.test/ledger');
    const { files } = await further(another, 800, by);
    expect(await refusalOf(recover(await old({ files })))).toBe('copy-of-another-log');
    const sameName = await start();
    const stranger = await newSigner();
    const forged = await further(sameName, 800, stranger);
    expect(await refusalOf(recover(await old({ files: forged.files })))).toBe(
      'copy-of-another-log',
    );
  });

  test('that the log key signed with another history', async () => {
    const fork = await start();
    const { files } = await further(fork, 800);
    expect(await refusalOf(recover(await old({ files })))).toBe('copy-forked');
  });

  test('for a database that has another history, and leaves it as it is', async () => {
    const dump = await dumpOf(first);
    opened.push(dump);
    await grow(dump, 5, 'other');
    await logAndSign(dump, signer);
    const before = await logged(dump.db);
    expect(await refusalOf(recover(await old({ dump })))).toBe('database-forked');
    expect(await logged(dump.db)).toEqual(before);
  });
});

test('without a checkpoint outside, or with one of another key, nothing says where the log ends', async () => {
  expect(await refusalOf(recover(await old({ outside: undefined })))).toBe('checkpoint-missing');
  const another = await start();
  const { outside } = await further(another, 800, await newSigner());
  expect(await refusalOf(recover(await old({ outside })))).toBe('checkpoint-invalid');
});

test('a database that has all of the log needs no recovery', async () => {
  const dump = await dumpOf(first);
  opened.push(dump);
  await recover(await old({ dump }));
  expect(await refusalOf(recover(await old({ dump })))).toBe('not-needed');
});

test('a copy that has dropped partial files for the full ones is enough', async () => {
  const files = new Map([...longer, ['checkpoint', whole.files.get('checkpoint')!] as const]);
  files.set('tile/1/000.p/2', whole.files.get('tile/1/000.p/2')!);
  expect([...files.keys()].filter((path) => path.startsWith('tile/0/002'))).toEqual(['tile/0/002']);
  const copy = await old({ files });
  expect(await refusalOf(recover(copy))).toBe('recovered');
  await expectPrefix(copy.dump);
});

test('a copy that was signed further than what is kept outside is taken to its end', async () => {
  const copy = await old({ files: longer });
  expect((await recover(copy)).to).toBe(atDump + 800);
});
