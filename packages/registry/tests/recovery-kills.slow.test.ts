import { spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { encodeVerifierKey } from '@recourse/ledger';
import { compareLedger } from '@recourse/registry';
import { testOrigin, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openRecovery } from '../src/log/recovery-store.ts';
import { startAppealRegistry } from './appeals-harness.ts';
import { expectWhole, faultOf, waiting } from './ledger-fixture.ts';
import type { Orders } from './recovery-killed.ts';
import { castOf } from './recovery-cast.ts';
import { dumpOf, logAndSign, ownerUrlOf, recover } from './recovery-fixture.ts';

const moduleOf = new URL('recovery-killed.ts', import.meta.url).pathname;

/** @returns whether it was killed, and had not finished before */
async function killed(orders: Orders): Promise<boolean> {
  const child = spawn(process.execPath, ['--conditions=@recourse/source', moduleOf], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  child.stdin.end(JSON.stringify(orders));
  const [code, signal] = await once(child, 'close');
  expect([orders.nth, orders.when, code ?? signal]).toEqual([
    orders.nth,
    orders.when,
    signal === null ? 0 : 'SIGKILL',
  ]);
  return signal !== null;
}

/** All that a recovery decides, without the ids and times that it makes up. */
async function outcomeOf({ db }: TestRegistry): Promise<unknown[]> {
  const tables = [
    sql`select sanction, kind, cause, at, by_party from ends order by 1`,
    sql`select sanction, cause, lifted_at is null as open from suspensions order by 1, 2, 3`,
    sql`select sanction, version, party, kind, acknowledgement is null as open,
      superseded_by is null as last from recalls order by 1, 2, 3`,
    sql`select sanction, version, party, at from disclosures order by 1, 2, 3`,
    sql`select sanction, position, version, event, cause from sanction_events order by 1, 2`,
    sql`select kid, party, position, revoked_at, revoked_why from keys order by 1`,
    sql`select id, submissions_suspended, checks_stopped from parties order by 1`,
    sql`select sanction from case_keys order by 1`,
    sql`select sanction, party, type, count(*)::int from events group by 1, 2, 3 order by 1, 2, 3`,
  ];
  const rows: unknown[] = [];
  for (const table of tables) rows.push((await table.execute(db)).rows);
  const types = (await waiting(db)).map((entry) => String(JSON.parse(entry).type));
  types.sort((a, b) => (a < b ? -1 : 1));
  return [...rows, types];
}

test('killed at any of its statements, a recovery goes on and comes to the same', async ({
  onTestFinished,
}) => {
  const vault = randomBytes(32);
  const live = await startAppealRegistry({ vaultKey: vault });
  const cast = await castOf(live);
  const { dump, signer } = cast;
  const control = await dumpOf(dump);
  onTestFinished(async () => {
    for (const registry of [live, dump, control]) await registry.close();
  });
  const outside = cast.outside!;
  const orders = {
    url: ownerUrlOf(dump),
    origin: testOrigin,
    logKey: encodeVerifierKey(signer.key),
    vault: vault.toString('base64'),
    outside,
    files: [...cast.files].map(
      ([path, file]) => [path, Buffer.from(file).toString('base64')] as const,
    ),
  };
  const comparing = () => faultOf(compareLedger(dump.db, { signer, outside: [outside] }));
  let kills = 0;
  for (; kills < 40; kills++) {
    // The first three come to their point however little the ones before left to do.
    const nth = randomInt(1, kills < 3 ? 12 : 60);
    const point = { nth, when: randomInt(2) ? 'before' : 'answered' } as const;
    if (!(await killed({ ...orders, ...point }))) break;
    // Whoever starts a server meanwhile signs nothing, and lists nobody.
    const isDone = (await openRecovery(dump.db)) === undefined;
    const faults = isDone ? ['rolled-back', 'sound'] : ['rolled-back', 'recovery-unfinished'];
    expect(faults).toContain(await comparing());
  }
  expect(kills).toBeGreaterThan(2);
  if (kills === 40) await recover(cast);
  expect(await comparing()).toBe('sound');

  await recover({ ...cast, dump: control });
  expect(await outcomeOf(dump)).toEqual(await outcomeOf(control));
  await logAndSign(dump, signer);
  const entries = await expectWhole(dump.db);
  expect(new Set(entries).size).toBe(entries.length);
}, 180_000);
