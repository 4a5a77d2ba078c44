import {
  random32,
  startTestRegistry,
  testId,
  type TestPlatform,
  type TestRegistry,
} from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contextOf } from '../src/context/context.ts';
import type { Db } from '../src/kernel/database.ts';
import { submit } from '../src/submissions/recording.ts';
import { build } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
  // A bucket of its own: without one the records of a day are counted, up to twenty.
  await registry.ownerDb
    .updateTable('parties')
    .set({ submissions_per_day: 1000 })
    .where('id', '=', registry.parties.harbour.id)
    .execute();
});
afterAll(() => registry.close());

const newInput = () => build(registry, { subjects: [{ token: random32() }] });

/** Rows of the tables that grow with records and appeals, as far as this connection has read them. */
async function rowsReadBy(trx: Db): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::int as n from pg_stat_xact_user_tables
    where relname in ('sanctions', 'subjects', 'evidence_commitments', 'appeals')`.execute(trx);
  return rows[0]!.n;
}

/** What one submission reads, its guards included. */
async function rowsRead(): Promise<number> {
  const input = await newInput();
  const { id: party, service } = registry.parties.harbour;
  const { kid, holder, signer } = service;
  const whose = { kid, jwk: signer.publicJwk, party, holder, role: 'service' as const };
  const key = { ...whose, admin: false, activeFrom: new Date(0), checksStopped: false };
  const op = 'sanctions.submit';
  const payload = { iss: party, aud: '', iat: 0, exp: 0, jti: random32(), op, in: {} };
  return registry.db.transaction().execute(async (trx) => {
    const before = await rowsReadBy(trx);
    const call = { key, payload, compact: '', hash: '' };
    await submit(contextOf(registry.services, call, trx), input);
    return (await rowsReadBy(trx)) - before;
  });
}

test('a submission reads no more rows where there are more records', async () => {
  const { harbour } = registry.parties;
  const first = await rowsRead();
  for (let n = 0; n < 15; n++) {
    const answer = await registry.call(harbour.service, 'sanctions.submit', await newInput());
    expect(answer.status).toBe(200);
  }
  expect(await rowsRead()).toBeLessThanOrEqual(first + 3);
});

/** A record of a platform, on which an appeal has waited for eleven days. */
async function waitingAppeal(by: TestPlatform): Promise<void> {
  const signedBy = { signedBy: by.trust };
  const input = await build(registry, { ...signedBy, subjects: [{ token: random32() }] });
  const answer = await registry.call(by.service, 'sanctions.submit', input);
  expect(answer.status).toBe(200);
  const at = (days: number) => new Date(registry.now().getTime() + days * 86_400_000);
  await sql`insert into appeals (id, sanction, ground, language, words, reviewers, opened_at, assignment_due_at,
      decision_due_at, undecided_at, bound)
    values (${testId('apl', registry.now())}, ${answer.body.result.sanction}, 'facts-wrong', 'en', '', 1,
      ${at(-11)}, ${at(-6)}, ${at(19)}, ${at(169)}, false)`.execute(registry.ownerDb);
}

test('a submission reads no more rows where more appeals wait on records of other groups', async () => {
  const { tubely, harbour } = registry.parties;
  const first = await rowsRead();
  for (let n = 0; n < 10; n++) await waitingAppeal(tubely);
  expect(await rowsRead()).toBeLessThanOrEqual(first + 3);
  // Its own are read.
  for (let n = 0; n < 10; n++) await waitingAppeal(harbour);
  expect(await rowsRead()).toBeGreaterThanOrEqual(first + 10);
});
