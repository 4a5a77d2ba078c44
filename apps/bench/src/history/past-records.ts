import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deriveKeyPair } from '@recourse/blind/server';
import { jcs, newId, toBase64url, toTimestamp } from '@recourse/protocol';
import type { Db } from '@recourse/registry';
import { sql, type RawBuilder } from 'kysely';
import type { Stage } from '../stage.ts';

const dayMs = 86_400_000;
const overlapDays = 14;
const rowsAtOnce = 10_000;

/** Days ago, as an instant of PostgreSQL. */
const ago = (days: number): RawBuilder<unknown> => sql`now() - make_interval(days => ${days}::int)`;

/** Rotates the key so many days ago, each time to the next epoch. A server looks for new keys every ten seconds. */
export async function rotate(owner: Db, stage: Stage, daysAgo: readonly number[]): Promise<void> {
  for (const [place, days] of daysAgo.entries()) {
    const epoch = place + 2;
    const seed = randomBytes(32);
    await writeFile(join(stage.dataDir, 'keys', `oprf.seed.${epoch}`), toBase64url(seed), {
      mode: 0o600,
    });
    const publicKey = toBase64url(deriveKeyPair(seed, `recourse/epoch/${epoch}`).publicKey);
    const opens = new Date(Date.now() - days * dayMs);
    const closes = new Date(opens.getTime() + overlapDays * dayMs);
    const announced = new Date(opens.getTime() - 2 * dayMs);
    const detail = {
      epoch,
      publicKey,
      opensAt: toTimestamp(opens),
      beforeClosesAt: toTimestamp(closes),
    };
    await owner
      .insertInto('rotations')
      .values({
        epoch,
        public_key: publicKey,
        announced_at: announced,
        opens_at: opens,
        before_closes_at: closes,
        entry: jcs({ v: 1, type: 'oprf-epoch', at: toTimestamp(announced), detail }),
      })
      .execute();
  }
}

/** Copies of a record that was withdrawn, as they were 150 days ago, with their ends and subjects. */
export async function copyEnded(owner: Db, like: string, count: number): Promise<void> {
  await inBatches(count, async (ids) => {
    await unguarded(owner, ['sanctions', 'ends', 'subjects'], async (trx) => {
      await sql`insert into sanctions select c.* from sanctions s, unnest(${ids}::text[]) as n(id),
        jsonb_populate_record(s, jsonb_build_object('id', n.id, 'statement', 'copied', 'proof', null,
          'submitted_at', ${ago(152)}, 'decided_at', ${ago(154)}, 'incident_to', ${ago(160)},
          'incident_from', ${ago(164)}, 'ended_early_at', ${ago(150)})) as c
        where s.id = ${like}`.execute(trx);
      await sql`insert into ends select c.* from ends e, unnest(${ids}::text[]) as n(id),
        jsonb_populate_record(e, jsonb_build_object('sanction', n.id, 'at', ${ago(150)})) as c
        where e.sanction = ${like}`.execute(trx);
      await sql`insert into subjects select c.* from subjects u, unnest(${ids}::text[]) as n(id),
        jsonb_populate_record(u, jsonb_build_object('sanction', n.id, 'lookup', sha256(n.id::bytea))) as c
        where u.sanction = ${like}`.execute(trx);
    });
  });
  // Of an end since the incident a platform that did not give it new tokens may record nothing.
  await unguarded(owner, ['sanctions'], async (trx) => {
    await sql`update sanctions set ended_early_at = ${ago(150)} where id = ${like}`.execute(trx);
  });
  await sql`vacuum analyze sanctions, ends, subjects`.execute(owner);
}

/** Copies of a record on the same evidence, each with an appeal that its creator withdrew. */
export async function copyAppealed(owner: Db, like: string, count: number): Promise<void> {
  await inBatches(count, async (ids) => {
    const appeals = ids.map((id) => `apl${id.slice(3)}`);
    await unguarded(owner, ['sanctions', 'reviews', 'appeals'], async (trx) => {
      await sql`insert into sanctions select c.* from sanctions s, unnest(${ids}::text[]) as n(id),
        jsonb_populate_record(s, jsonb_build_object('id', n.id, 'statement', 'copied', 'next_at', null)) as c
        where s.id = ${like}`.execute(trx);
      await sql`with r as (
          insert into reviews (id, sanction) select * from unnest(${appeals}::text[], ${ids}::text[]))
        insert into appeals (${sql.raw(copied)})
        select n.id, n.sanction, a.submitter, a.ground, a.language, a.words, a.reviewers, a.opened_at,
          a.assignment_due_at, a.decision_due_at, a.undecided_at, a.bound, a.withdraws_at, now() - interval '1 hour', 'withdrawn'
        from appeals a, unnest(${appeals}::text[], ${ids}::text[]) as n(id, sanction)
        where a.sanction = ${like}`.execute(trx);
      await sql`insert into appeal_proofs (appeal, sanction, proof, closed_at)
        select a.id, a.sanction, s.proof, a.closed_at from appeals a join sanctions s on s.id = a.sanction
        where a.id = any(${appeals}::text[]) and s.proof is not null`.execute(trx);
    });
  });
  await closeAppeals(owner);
  await sql`vacuum analyze sanctions, reviews, appeals`.execute(owner);
}

/** Closes what is open, as its withdrawal does once its creator did not think better of it. */
export const closeAppeals = (owner: Db): Promise<void> =>
  unguarded(owner, ['appeals'], async (trx) => {
    await sql`update appeals set closed_at = now() - interval '1 hour', closed_as = 'withdrawn'
      where closed_at is null`.execute(trx);
    await sql`update appeal_proofs p set closed_at = a.closed_at from appeals a
      where a.id = p.appeal and p.closed_at is null`.execute(trx);
  });

const copied =
  'id, sanction, submitter, ground, language, words, reviewers, opened_at, assignment_due_at, decision_due_at, ' +
  'undecided_at, bound, withdraws_at, closed_at, closed_as';

async function inBatches(count: number, insert: (ids: string[]) => Promise<void>): Promise<void> {
  for (let done = 0; done < count; done += rowsAtOnce) {
    const now = new Date();
    const length = Math.min(rowsAtOnce, count - done);
    await insert(
      Array.from({ length }, () => newId('snc', { now, random: (size) => randomBytes(size) })),
    );
  }
}

/** Guards judge each row beside all others of its platform, and a copy has no statement of its own. */
async function unguarded(
  owner: Db,
  tables: readonly string[],
  work: (trx: Db) => Promise<void>,
): Promise<void> {
  const triggers = (state: 'disable' | 'enable', trx: Db) =>
    Promise.all(
      tables.map((table) => sql.raw(`alter table ${table} ${state} trigger user`).execute(trx)),
    );
  await owner.transaction().execute(async (trx) => {
    await triggers('disable', trx);
    await work(trx);
    await triggers('enable', trx);
  });
}
