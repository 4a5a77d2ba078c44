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
import { submit } from '../src/operations/sanctions/submit.ts';
import { day, RotatingRegistry } from './rotation-fixture.ts';
import { build, submit as submitted, withdraw } from './sanctions-harness.ts';

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

const newInput = (at = registry, epoch = 1) =>
  build(at, { subjects: [{ token: random32(), epoch }] });

/** Rows of the tables that grow with records and appeals, as far as this connection has read them. */
async function rowsReadBy(trx: Db): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::int as n from pg_stat_xact_user_tables
    where relname in ('sanctions', 'ends', 'subjects', 'evidence_commitments', 'appeals')`.execute(
    trx,
  );
  return rows[0]!.n;
}

/** What one submission reads, its guards included. */
async function rowsRead(at = registry, epoch = 1): Promise<number> {
  const input = await newInput(at, epoch);
  const { id: party, service } = at.parties.harbour;
  const { kid, holder, signer } = service;
  const whose = { kid, jwk: signer.publicJwk, party, holder, role: 'service' as const };
  const key = { ...whose, admin: false, activeFrom: new Date(0), checksStopped: false };
  const op = 'sanctions.submit';
  const payload = { iss: party, aud: '', iat: 0, exp: 0, jti: random32(), op, in: {} };
  return at.db.transaction().execute(async (trx) => {
    // As of tables that are large: of small ones PostgreSQL reads every row rather than an index.
    await sql`set local enable_seqscan = off`.execute(trx);
    const before = await rowsReadBy(trx);
    const call = { key, payload, compact: '', hash: '' };
    await submit(contextOf(at.services, call, trx), input);
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
  const id = testId('apl', registry.now());
  const { sanction } = answer.body.result;
  await sql`with r as (insert into reviews (id, sanction) values (${id}, ${sanction})), about as (
      insert into appeal_proofs (appeal, sanction, proof) select ${id}, id, proof from sanctions
      where id = ${sanction} and proof is not null)
    insert into appeals (id, sanction, submitter, ground, language, words, reviewers, opened_at, assignment_due_at,
      decision_due_at, undecided_at, bound)
    values (${id}, ${sanction}, ${by.id}, 'facts-wrong', 'en', '', 1,
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

/** Copies of a record with its end, as they were before the key was rotated. */
async function copyEnded(at: TestRegistry, ended: string, copies: number): Promise<void> {
  const ids = Array.from({ length: copies }, () => testId('snc', at.now()));
  await sql`with c as (
      insert into sanctions select c.* from sanctions s, unnest(${ids}::text[]) as n(id),
        jsonb_populate_record(s, jsonb_build_object('id', n.id, 'statement', 'copied', 'proof', null)) as c
      where s.id = ${ended}
    )
    insert into ends select n.id, e.kind, e.cause, e.at, e.by_party, e.artefact
    from ends e, unnest(${ids}::text[]) as n(id) where e.sanction = ${ended}`.execute(at.ownerDb);
}

test('after rotations a submission reads no more rows where more records of the old keys have ended', async () => {
  const rotating = await RotatingRegistry.start();
  const at = rotating.registry;
  try {
    const { id: ended } = await submitted(at);
    await withdraw(at, ended);
    for (let rotation = 0; rotation < 2; rotation++) {
      await rotating.open();
      rotating.close();
      at.advance(200 * day);
    }
    const first = await rowsRead(at, 3);
    await copyEnded(at, ended, 40);
    // What autovacuum may have done by then.
    await sql`analyze sanctions, ends`.execute(at.ownerDb);
    expect(await rowsRead(at, 3)).toBeLessThanOrEqual(first + 3);
  } finally {
    await at.close();
  }
});
