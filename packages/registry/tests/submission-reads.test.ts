import { random32, startTestRegistry, type TestRegistry } from '@recourse/testkit';
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

/** Rows of the tables that grow with the records, as far as this connection has read them. */
async function rowsReadBy(trx: Db): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::int as n from pg_stat_xact_user_tables
    where relname in ('sanctions', 'subjects', 'evidence_commitments')`.execute(trx);
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
