import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connect } from '@recourse/registry';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DatabaseCopies } from './copy-database.ts';
import { eventually } from './eventually.ts';
import { checkpointOf } from './ledger-fixture.ts';
import { codeOf, newHome, type TestHome, type TestServer } from './run-server.ts';
import { codeOfSample, creatorAct } from './sample-case.ts';
import { logInto } from './log-into.ts';

let home: TestHome;
let code: string;
const copies = new DatabaseCopies();
const copy = () => copies.make(home.database);
beforeAll(async () => {
  home = await newHome();
  const first = await home.start();
  code = await codeOfSample(first, 'phishing');
  // Far enough that the start, which looks at the right edge, does not see the left one.
  await asOwner(
    home.database.ownerUrl,
    `insert into ledger_pending (entries, at)
      select array_agg('e' || n), now() from generate_series(1, 1300) n`,
  );
  await signed(first);
  await first.stop();
});
afterAll(async () => {
  await home.close();
  await copies.drop();
});

async function asOwner(url: string, ...statements: string[]): Promise<void> {
  const owner = connect({ url, connections: 1 });
  for (const statement of statements) await sql.raw(statement).execute(owner);
  await owner.destroy();
}

/** One call, and the checkpoint that covers it. */
async function signed(server: TestServer): Promise<number> {
  const { size } = await eventually(
    () => checkpointOf(server).catch(() => ({ size: 0 })),
    (checkpoint) => checkpoint.size > 0,
  );
  await server.call(server.party('Harbour', 'service'), 'sanctions.list', {});
  return (
    await eventually(
      () => checkpointOf(server),
      (checkpoint) => checkpoint.size > size,
    )
  ).size;
}

const outside = (): string => readFileSync(join(home.dataDir, 'checkpoint'), 'utf8');

interface StartedServer {
  server: TestServer;
  said: string[];
}

async function start(env: Record<string, string> = {}): Promise<StartedServer> {
  const lines: string[] = [];
  const log = logInto(lines);
  return { server: await home.start(env, { log }), said: lines };
}

const recovering = (lines: readonly string[], fault: string): boolean =>
  lines.some((line) => line.startsWith('RECOVERING') && line.includes(`(${fault})`));

/** The case as its page and as its operation answer. */
async function opensCase(server: TestServer): Promise<[number, number, boolean]> {
  const opened = await creatorAct(server, 'case.open', { code });
  expect((await server.get('/case')).status).toBe(200);
  const form = {
    'Content-Type': 'application/x-www-form-urlencoded',
    'Sec-Fetch-Site': 'same-origin',
  };
  const page = await server.post('/case', `code=${encodeURIComponent(code)}`, { headers: form });
  return [opened.status, page.status, page.text.includes('Harbour')];
}

/** What is owed goes on, and cases but in an old copy; nothing else does, and nothing is signed until after its end. */
async function expectRecovery(
  { server }: StartedServer,
  before: string,
  { isOldCopy = false } = {},
): Promise<void> {
  const { text } = await server.get('/ledger/checkpoint');
  expect(await opensCase(server)).toEqual(isOldCopy ? [503, 503, false] : [200, 200, true]);
  const key = server.party('Harbour', 'service');
  for (const op of ['recalls.list', 'events.poll']) {
    expect([op, (await server.call(key, op, {})).status]).toEqual([op, 200]);
  }
  const refused = await server.call(key, 'sanctions.list', {});
  expect([refused.status, codeOf(refused)]).toEqual([503, 'recovering']);
  await delay(1_500);
  expect((await server.get('/ledger/checkpoint')).text).toBe(text);
  await server.stop();
  expect(outside()).toBe(before);
}

describe('a server whose database', () => {
  test('is as it was signed goes on after its last checkpoint', async () => {
    const { server, said } = await start();
    const { size } = await checkpointOf(server);
    expect(await signed(server)).toBeGreaterThan(size);
    expect(said.some((line) => line.includes('RECOVERING'))).toBe(false);
    await server.stop();
    expect(outside().split('\n')[0]).toBe('registry.test/ledger');
  });

  test('is an old copy says so, signs nothing, and opens no case: it may have been erased since', async () => {
    const old = await copy();
    const { server } = await start();
    await signed(server);
    await server.stop();
    const before = outside();
    const started = await start(old);
    expect(recovering(started.said, 'rolled-back')).toBe(true);
    await expectRecovery(started, before, { isOldCopy: true });
  });

  test('has another byte in a tile says so, signs nothing, and still opens cases', async () => {
    const changed = await copy();
    await asOwner(
      changed.DATABASE_OWNER_URL,
      `alter table ledger_tiles disable trigger all`,
      `update ledger_tiles set hashes = set_byte(hashes, 0, 255 - get_byte(hashes, 0))`,
    );
    const started = await start(changed);
    expect(recovering(started.said, 'forked')).toBe(true);
    await expectRecovery(started, outside());
  });

  test('is changed while it runs begins to recover', async () => {
    const changing = await copy();
    const started = await start(changing);
    const before = outside();
    await asOwner(
      changing.DATABASE_OWNER_URL,
      `alter table ledger_state disable trigger all`,
      `update ledger_state set root = sha256('a'), epoch = epoch + 1`,
      `insert into ledger_pending (entries, at) values ('{x}', now())`,
    );
    await eventually(
      () => Promise.resolve(started.said),
      (lines) => recovering(lines, 'tiles-differ'),
    );
    expect(recovering(started.said, 'tiles-differ')).toBe(true);
    await expectRecovery(started, before);
  });

  test.each([
    [
      'another byte in a full tile',
      `update ledger_tiles set hashes = set_byte(hashes, 99, 255 - get_byte(hashes, 99))
        where level = 0 and index = 1`,
      'tiles-differ, tile 0/1',
    ],
    ['one entry less', `delete from ledger_entries where index = 700`, 'entries-differ, entry 700'],
    [
      'another entry in place of one, with its leaf',
      `update ledger_entries set entry = 'x', leaf = sha256('\\x0078') where index = 3`,
      'entries-differ, entry 3',
    ],
  ])('has %s, far from its edge, begins to recover', async (_, statement, fault) => {
    const changed = await copy();
    await asOwner(
      changed.DATABASE_OWNER_URL,
      `alter table ledger_tiles disable trigger all`,
      statement,
    );
    const started = await start(changed);
    const found = () => Promise.resolve(recovering(started.said, fault));
    expect(await eventually(found, (isSo) => isSo)).toBe(true);
    await expectRecovery(started, outside());
  });
});
