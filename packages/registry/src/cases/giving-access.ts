import {
  caseKey,
  mostRepresentatives,
  toTimestamp,
  type CaseInput,
  type CaseOutput,
  type CaseView,
} from '@recourse/protocol';
import { openText, sealText } from '../appeals/sealed-text.ts';
import { addDays } from '../bounds.ts';
import { dueErasure } from '../retention/erasing.ts';
import { materialise } from '../sanctions/materialise.ts';
import { invalid, refusal } from '../sanctions/refusal.ts';
import { lockSanction, type SanctionRow } from '../sanctions/store.ts';
import { lockByHolder, lockByKey } from './access.ts';
import {
  acceptAccess,
  accessOf,
  endAccessRows,
  findInvite,
  insertAccess,
  type AccessRow,
} from './access-store.ts';
import { freshKey } from './claim.ts';
import { deleteContacts } from './contact-store.ts';
import type { CaseContext } from './context.ts';
import { endHolder, insertHolder, type HolderRow } from './holder-store.ts';
import { caseOf } from './open-case.ts';
import { givenAs } from './represents.ts';
import { placeOf } from './sealed-columns.ts';
import { WrongSecret } from './wrong-secret.ts';

const inviteDays = 7;
const mostEver = 20;

/**
 * The holder lets somebody act beside them. A guardian, who does all that the holder may, only for a minor: whoever
 * presses somebody to give their case away gets no more of it than a lawyer has.
 */
export async function inviteToCase(
  ctx: CaseContext,
  input: CaseInput<'case.invite'>,
): Promise<CaseOutput<'case.invite'>> {
  const { db, now } = ctx;
  const { record } = await lockByHolder(ctx, input.key);
  if (input.as === 'guardian' && record.age !== 'minor') throw invalid('as', 'not-a-minor');
  const all = await accessOf(db, record.id);
  const open = all.filter((one) => isOpen(one, now));
  if (open.length >= mostRepresentatives || all.length >= mostEver) {
    throw refusal('state-conflict', 'as', 'too-many-with-access');
  }
  const theCase = await caseOf(ctx, record);
  const { id: sanction } = record;
  const place = all.length + 1;
  const until = addDays(now, inviteDays);
  await insertAccess(db, {
    sanction,
    place,
    kind: input.as,
    name: sealText(theCase.caseKey, input.name, placeOf('case_access.name', { sanction, place })),
    invite: await freshKey(ctx, input.code),
    invited_at: now,
    invite_until: until,
  });
  return { place, expiresAt: toTimestamp(until) };
}

/** The code opens this and nothing else, once. */
export async function acceptInvite(
  ctx: CaseContext,
  { code, newKey }: CaseInput<'case.accept'>,
): Promise<CaseOutput<'case.accept'>> {
  const { db, now: at } = ctx;
  const invite = caseKey(code);
  const known = await findInvite(db, { invite, now: at });
  const locked = known && (await lockSanction(db, known.sanction));
  const record = locked && (await materialise(ctx, locked));
  // Looked up again under the lock: it may have been used, or the case contested, while this waited.
  const found = await findInvite(db, { invite, now: at });
  if (!record || !found || (await dueErasure(ctx, record)) === 'case') throw new WrongSecret();
  const holder = await freshKey(ctx, newKey);
  await insertHolder(db, {
    key_hash: holder,
    sanction: record.id,
    way: found.kind,
    positions: [],
    unlocked: true,
    holds: false,
    at,
  });
  await acceptAccess(db, found, { holder, at });
  return {
    sanction: record.id,
    as: found.kind,
    since: toTimestamp(at),
  };
}

/** By the holder, of anybody; by whoever was given access, of their own. */
export async function endAccess(
  ctx: CaseContext,
  input: CaseInput<'case.endAccess'>,
): Promise<CaseOutput<'case.endAccess'>> {
  const { record, key } = await lockByKey(ctx, input.key);
  const all = await accessOf(ctx.db, record.id);
  const one = all.find((row) =>
    key.holds ? row.place === input.place : row.holder === key.key_hash,
  );
  if (!key.holds && givenAs(key) === undefined) {
    throw refusal('state-conflict', 'key', 'not-holder');
  }
  if (!one || (input.place !== undefined && input.place !== one.place)) {
    throw invalid('place', 'unknown');
  }
  if (!isOpen(one, ctx.now)) throw refusal('state-conflict', 'place', 'access-ended');
  await endAll(ctx, record, [one]);
  return { endedAt: toTimestamp(ctx.now) };
}

/** With the holder who gave it: what a contested holder did is void. */
export async function endAllAccess(
  ctx: Pick<CaseContext, 'db' | 'now'>,
  record: SanctionRow,
): Promise<void> {
  const all = await accessOf(ctx.db, record.id);
  await endAll(
    ctx,
    record,
    all.filter(({ ended_at }) => ended_at === null),
  );
}

async function endAll(
  { db, now: at }: Pick<CaseContext, 'db' | 'now'>,
  { id: sanction }: SanctionRow,
  rows: readonly AccessRow[],
): Promise<void> {
  await endAccessRows(db, { sanction, places: rows.map(({ place }) => place), at });
  for (const { holder } of rows) {
    if (holder === null) continue;
    await endHolder(db, holder, { as: 'ended', at });
    await deleteContacts(db, { holder });
  }
}

/** Has access, or can still get it. */
const isOpen = ({ ended_at, holder, invite_until }: AccessRow, now: Date): boolean =>
  ended_at === null && (holder !== null || invite_until > now);

/** Who else acts on a case, for whoever does. */
export async function othersIn(
  ctx: CaseContext,
  record: SanctionRow,
  key: HolderRow,
): Promise<NonNullable<CaseView['others']>> {
  const rows = await accessOf(ctx.db, record.id);
  if (rows.length === 0) return [];
  const { caseKey: sealing } = await caseOf(ctx, record);
  return rows.map((row) => ({
    place: row.place,
    as: row.kind,
    name: openText(sealing, row.name, placeOf('case_access.name', row)),
    invitedAt: toTimestamp(row.invited_at),
    ...(row.since
      ? { since: toTimestamp(row.since) }
      : { inviteUntil: toTimestamp(row.invite_until) }),
    ...(row.ended_at ? { endedAt: toTimestamp(row.ended_at) } : {}),
    own: row.holder === key.key_hash,
  }));
}
