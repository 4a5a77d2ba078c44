import type { Alg, KeyRecord, PublicJwk, Role } from '@recourse/protocol';
import { sql, type RawBuilder } from 'kysely';
import { checksStopped } from './stopping-store.ts';
import type { Db } from '../kernel/database.ts';

/** A caller as the audit statement last saw it. */
export interface Caller extends KeyRecord {
  readonly checksStopped: boolean;
}

interface KeyRow {
  kid: string;
  jwk: PublicJwk;
  alg: Alg;
  party: string;
  holder: string;
  role: Role;
  admin: boolean;
  active_from: Date;
  revoked_at: Date | null;
  stopped: boolean;
}

/** A key with the flags of its party, or undefined. */
export async function findCaller(db: Db, kid: string, now: Date): Promise<Caller | undefined> {
  const row = await db
    .selectFrom('keys')
    .innerJoin('parties as p', 'p.id', 'keys.party')
    .select([
      'kid',
      'jwk',
      'alg',
      'party',
      'holder',
      'role',
      'admin',
      'keys.active_from',
      'revoked_at',
    ])
    .select(checksStopped(now).as('stopped'))
    .where('kid', '=', kid)
    .executeTakeFirst();
  return row && toCaller(row);
}

function toCaller(row: KeyRow): Caller {
  return {
    kid: row.kid,
    jwk: row.jwk,
    party: row.party as KeyRecord['party'],
    holder: row.holder,
    role: row.role,
    admin: row.admin,
    activeFrom: row.active_from,
    revokedAt: row.revoked_at ?? undefined,
    checksStopped: row.stopped,
  };
}

/**
 * The state of a key that the statement which audits reads again: a key may have been revoked a second ago, on any
 * server.
 */
export interface KeyState {
  readonly revoked: boolean;
  /** The checks of its party are stopped */
  readonly stopped: boolean;
}

/**
 * Rows of kid, no jti, and the state. Kids travel as JSON: how many an array holds is known to a plan for these
 * parameters alone, and PostgreSQL would make one for each call.
 */
export const keyStates = (kids: readonly string[], now: Date): RawBuilder<unknown> => sql`
  select k.kid, null, k.revoked_at is not null, ${checksStopped(now)}, null, null
  from jsonb_array_elements_text(${kids}::jsonb) as q(kid)
  join keys k on k.kid = q.kid join parties p on p.id = k.party`;

/**
 * True where a key is active, with its row shared until the transaction ends; for update where the call may revoke it,
 * since no transaction upgrades a lock.
 */
export async function isKeyLive(
  db: Db,
  { kid, mayRevoke }: { kid: string; mayRevoke: boolean },
): Promise<boolean> {
  const key = db.selectFrom('keys').select('revoked_at').where('kid', '=', kid);
  const row = await (mayRevoke ? key.forUpdate() : key.forShare()).executeTakeFirst();
  return row !== undefined && row.revoked_at === null;
}

/** A stored answer with the wrapped key of the case it is sealed under. */
export type StoredRow = NonNullable<Awaited<ReturnType<typeof findAnswer>>>;

const storedAnswers = (db: Db) =>
  db
    .selectFrom('answers')
    .leftJoin('case_keys', 'case_keys.sanction', 'answers.sanction')
    .select(['kid', 'jti', 'status', 'body', 'receipt', 'input_hash', 'req'])
    .select(['answers.sanction', 'wrapped']);

export const findAnswer = (db: Db, call: { kid: string; jti: string }) =>
  storedAnswers(db).where('kid', '=', call.kid).where('jti', '=', call.jti).executeTakeFirst();

export const findAnswerByIdem = (
  db: Db,
  { iss, op, idem }: { iss: string; op: string; idem: string },
) =>
  storedAnswers(db)
    .where('iss', '=', iss)
    .where('op', '=', op)
    .where('idem', '=', idem)
    .executeTakeFirst();

/** Entries wait here for the sequencer: a ledger is never chained inside a request. */
export async function insertPending(db: Db, entries: readonly string[], at: Date): Promise<void> {
  if (entries.length === 0) return;
  await sql`insert into ledger_pending (entries, at) values (${entries}::text[], ${at})`.execute(
    db,
  );
}

/** Openings that one call caused, with the wrapped key of the case of each; erased cases have none. */
export async function findOpenings(
  db: Db,
  { party, jti }: { party: string; jti: string },
): Promise<
  {
    kid: string;
    jti: string;
    position: number;
    party: string;
    sanction: string | null;
    opening: Uint8Array;
    wrapped: Uint8Array | null;
  }[]
> {
  return db
    .selectFrom('openings')
    .innerJoin('keys', 'keys.kid', 'openings.kid')
    .leftJoin('case_keys', 'case_keys.sanction', 'openings.sanction')
    .select(['openings.kid', 'openings.jti', 'openings.position', 'openings.party'])
    .select(['openings.sanction', 'opening', 'wrapped'])
    .where('keys.party', '=', party)
    .where('openings.jti', '=', jti)
    .orderBy('openings.position')
    .execute();
}
