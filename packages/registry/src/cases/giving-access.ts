import {
  caseKey,
  mostRepresentatives,
  toTimestamp,
  type CaseInput,
  type CaseOutput,
  type CaseView,
} from '@recourse/protocol';
import type { Insertable, Selectable } from 'kysely';
import { addDays } from '../kernel/bounds.ts';
import { dueErasure } from '../retention/erasing.ts';
import { applyDueSteps } from '../records/apply-due-steps.ts';
import { invalid, refusal } from '../kernel/refusal.ts';
import { lockRecord } from '../records/lock-record.ts';
import type { SanctionRow } from '../records/store.ts';
import { lockAsClaimant, lockInPerson } from './access.ts';
import { freshKey, newClaimantId } from './claim.ts';
import { endClaimants, insertClaimant, type ClaimantRow } from '../review/claimant-store.ts';
import { deleteContacts } from './contact-store.ts';
import { WrongSecret, type CaseContext } from './context.ts';
import { keyOf } from '../vault/case-keys.ts';
import { placeOf } from '../vault/vault.ts';
import { signingKeyOf } from './signed-act.ts';
import type { CaseAccessTable, Db } from '../kernel/database.ts';

const inviteDays = 7;
const mostEver = 20;

/**
 * A claimant lets somebody in: a representative, who counts as that claimant and gives nothing up for them; or, of a
 * record about a minor, a guardian, who is a claimant of their own from then on.
 */
export async function inviteToCase(
  ctx: CaseContext,
  input: CaseInput<'case.invite'>,
): Promise<CaseOutput<'case.invite'>> {
  const { db, now } = ctx;
  const { record, claimant } = await lockInPerson(ctx, input.key);
  if (input.as === 'guardian' && record.age !== 'minor') throw invalid('as', 'not-a-minor');
  const all = await invitedBy(db, claimant.id);
  const open = all.filter((one) => isOpen(one, now));
  if (open.length >= mostRepresentatives || all.length >= mostEver) {
    throw refusal('state-conflict', 'as', 'too-many-with-access');
  }
  const place = all.length + 1;
  const until = addDays(now, inviteDays);
  await insertAccess(db, {
    sanction: record.id,
    by_claimant: claimant.id,
    place,
    kind: input.as,
    name: record
      .key()
      .sealText(input.name, placeOf('case_access.name', { by_claimant: claimant.id, place })),
    invite: await freshKey(ctx, input.code),
    invited_at: now,
    invite_until: until,
  });
  return { place, expiresAt: toTimestamp(until) };
}

/** The code opens this and nothing else, once. */
export async function acceptInvite(
  ctx: CaseContext,
  { code, newKey, signingKey }: CaseInput<'case.accept'>,
): Promise<CaseOutput<'case.accept'>> {
  const { db, now: at } = ctx;
  const invite = caseKey(code);
  const known = await findInvite(db, { invite, now: at });
  const locked = known && (await lockRecord(ctx, known.sanction));
  const record = locked && (await applyDueSteps(ctx, locked));
  // Looked up again under the lock: it may have been used, or ended, while this waited.
  const found = await findInvite(db, { invite, now: at });
  if (!record || !found || (await dueErasure(ctx, record)) === 'case') throw new WrongSecret();
  const claimant = newClaimantId(ctx);
  await insertClaimant(db, {
    id: claimant,
    sanction: record.id,
    secret: await freshKey(ctx, newKey),
    kind: found.kind,
    acts_for: found.by_claimant,
    signing_key: signingKeyOf(signingKey),
    since: at,
  });
  await acceptAccess(db, found, { claimant, at });
  return { sanction: record.id, as: found.kind, since: toTimestamp(at) };
}

/**
 * By the claimant who let them in, of a representative or of an invitation that nobody used; by whoever was let in, of
 * their own. A guardian is a claimant, whom nobody removes.
 */
export async function endAccess(
  ctx: CaseContext,
  input: CaseInput<'case.endAccess'>,
): Promise<CaseOutput<'case.endAccess'>> {
  const { db, now: at } = ctx;
  const { claimant } = await lockAsClaimant(ctx, input.key);
  const own = claimant.kind === 'self' ? undefined : await acceptedBy(db, claimant.id);
  const all = own?.kind === 'representative' ? [own] : await invitedBy(db, claimant.id);
  const one = all.find(({ place }) => place === input.place || (own && input.place === undefined));
  if (!one) throw invalid('place', 'unknown');
  if (!isOpen(one, at)) throw refusal('state-conflict', 'place', 'access-ended');
  if (one.kind === 'guardian' && one.claimant !== null) {
    throw refusal('state-conflict', 'place', 'guardian-stays');
  }
  await endAccessRow(db, one, at);
  if (one.claimant !== null) {
    await endClaimants(db, { ids: [one.claimant], at });
    await deleteContacts(db, { claimant: one.claimant });
  }
  return { endedAt: toTimestamp(at) };
}

/** Has access, or can still get it. */
const isOpen = ({ ended_at, claimant, invite_until }: AccessRow, now: Date): boolean =>
  ended_at === null && (claimant !== null || invite_until > now);

/** Whom a claimant let in, and by whose word somebody came; others read nothing of it. */
export async function othersIn(
  ctx: CaseContext,
  record: SanctionRow,
  claimant: ClaimantRow,
): Promise<NonNullable<CaseView['others']>> {
  const own = await acceptedBy(ctx.db, claimant.id);
  const rows = [...(own ? [own] : []), ...(await invitedBy(ctx.db, claimant.id))];
  if (rows.length === 0) return [];
  const sealing = keyOf(ctx, record);
  return rows.map((row) => ({
    place: row.place,
    as: row.kind,
    name: sealing.openText(row.name, placeOf('case_access.name', row)),
    invitedAt: toTimestamp(row.invited_at),
    ...(row.since
      ? { since: toTimestamp(row.since) }
      : { inviteUntil: toTimestamp(row.invite_until) }),
    ...(row.ended_at ? { endedAt: toTimestamp(row.ended_at) } : {}),
    own: row.claimant === claimant.id,
  }));
}

type AccessRow = Selectable<CaseAccessTable>;

/** Everybody that a claimant ever let in, in the order of their invitations. */
const invitedBy = (db: Db, claimant: string): Promise<AccessRow[]> =>
  db
    .selectFrom('case_access')
    .selectAll()
    .where('by_claimant', '=', claimant)
    .orderBy('place')
    .execute();

/** The invitation that somebody came by. */
const acceptedBy = (db: Db, claimant: string): Promise<AccessRow | undefined> =>
  db.selectFrom('case_access').selectAll().where('claimant', '=', claimant).executeTakeFirst();

async function insertAccess(
  db: Db,
  row: Omit<Insertable<CaseAccessTable>, 'claimant' | 'since' | 'ended_at'>,
): Promise<void> {
  await db
    .insertInto('case_access')
    .values({ ...row, claimant: null, since: null, ended_at: null })
    .execute();
}

/** An invitation that nobody used yet, by the hash of its code. */
const findInvite = (db: Db, of: { invite: string; now: Date }): Promise<AccessRow | undefined> =>
  db
    .selectFrom('case_access')
    .selectAll()
    .where('invite', '=', of.invite)
    .where('claimant', 'is', null)
    .where('ended_at', 'is', null)
    .where('invite_until', '>', of.now)
    .executeTakeFirst();

type Place = Pick<AccessRow, 'by_claimant' | 'place'>;

async function acceptAccess(
  db: Db,
  { by_claimant, place }: Place,
  of: { claimant: string; at: Date },
): Promise<void> {
  await db
    .updateTable('case_access')
    .set({ claimant: of.claimant, since: of.at })
    .where('by_claimant', '=', by_claimant)
    .where('place', '=', place)
    .execute();
}

async function endAccessRow(db: Db, { by_claimant, place }: Place, at: Date): Promise<void> {
  await db
    .updateTable('case_access')
    .set({ ended_at: at })
    .where('by_claimant', '=', by_claimant)
    .where('place', '=', place)
    .where('ended_at', 'is', null)
    .execute();
}
