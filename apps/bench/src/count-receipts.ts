import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from '@recourse/registry';
import { sql } from 'kysely';

/** Answers of which nothing, or more than one thing, is stored. */
export interface Discrepancies {
  readonly lost: number;
  readonly twice: number;
}

/** Place that one receipt states: its `calls` entry, and the place of the call under the root of that. */
interface Place {
  readonly entry: string;
  readonly index: number;
}

/** Compares the calls that were answered, and their receipts, with the audit. */
export async function compareAudit(
  db: Db,
  { jtis, receipts }: { jtis: readonly string[]; receipts: readonly string[] },
): Promise<Discrepancies> {
  const { rows } = await sql<{ jti: string; entry: string; place: number }>`
    select jti, entry, place from audited_calls where jti = any(${[...jtis]}::text[])`.execute(db);
  const stored = new Set(rows.map(({ entry, place }) => `${entry} ${place}`));
  const stated = receipts.map(placeOf).map(({ entry, index }) => `${entry} ${index}`);
  const audited = new Set(rows.map(({ jti }) => jti));
  return {
    lost:
      jtis.filter((jti) => !audited.has(jti)).length +
      stated.filter((place) => !stored.has(place)).length,
    twice: rows.length - audited.size + stated.length - new Set(stated).size,
  };
}

/** Compares the records that were answered with the records there are. */
export async function compareRecords(db: Db, ids: readonly string[]): Promise<Discrepancies> {
  const { rows } = await sql<{ id: string; n: number }>`
    select id, count(*)::int as n from sanctions where id = any(${[...ids]}::text[])
    group by id`.execute(db);
  return { lost: ids.length - rows.length, twice: rows.filter(({ n }) => n > 1).length };
}

/** Compares the entries that receipts promised with the log, once nothing waits for a place in it. */
export async function compareLog(db: Db, receipts: readonly string[]): Promise<Discrepancies> {
  await whenLogged(db);
  const entries = new Set(receipts.map((receipt) => placeOf(receipt).entry));
  const promised = [...entries].map((entry) => Buffer.from(entry, 'base64url').toString('hex'));
  const { rows } = await sql<{ found: number; repeated: number }>`
    with found as (
      select leaf, count(*) as n from ledger_entries
      where leaf in (select decode(hex, 'hex') from unnest(${promised}::text[]) as t(hex))
      group by leaf)
    select count(*)::int as found, (select count(*)::int from (
      select 1 from ledger_entries group by leaf having count(*) > 1) as r) as repeated
    from found`.execute(db);
  const { found, repeated } = rows[0]!;
  return { lost: promised.length - found, twice: repeated };
}

/** Records that have no entry of their submission, or more than one. */
export async function compareSubmissions(db: Db): Promise<Discrepancies> {
  const { rows } = await sql<{ records: number; entries: number }>`
    select (select count(*)::int from sanctions) as records, count(*)::int as entries
    from ledger_entries where entry::jsonb ->> 'type' = 'sanction-submitted'`.execute(db);
  const { records, entries } = rows[0]!;
  return { lost: Math.max(0, records - entries), twice: Math.max(0, entries - records) };
}

async function whenLogged(db: Db): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const { rows } = await sql`select 1 from ledger_pending limit 1`.execute(db);
    if (rows.length === 0) return;
    await delay(100);
  }
  throw new Error('entries still wait for their place in the log');
}

function placeOf(receipt: string): Place {
  const [index, , , payload] = receipt.split('.');
  const { entry } = payloadOf(payload) as { entry: string };
  return { entry, index: Number(index) };
}

/** Decodes a part of a JWS. */
export const payloadOf = (part: string | undefined): unknown =>
  JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));
