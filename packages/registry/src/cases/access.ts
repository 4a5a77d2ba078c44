import { caseKey, type HiddenWhile, type Id } from '@recourse/protocol';
import type { Db } from '../kernel/database.ts';
import { refusal } from '../kernel/refusal.ts';
import { applyDueSteps } from '../records/apply-due-steps.ts';
import { lockRecord } from '../records/lock-record.ts';
import { findSanction, type SanctionRow } from '../records/store.ts';
import type { LockedRecord } from '../records/transition-context.ts';
import { dueErasure } from '../retention/erasing.ts';
import {
  codeOf,
  findClaimant,
  findOpened,
  waysOf,
  type ClaimantRow,
  type CodeRow,
  type SecretMatch,
  type WayRow,
} from '../review/claimant-store.ts';
import { joinedIn } from '../review/join-store.ts';
import { WrongSecret, type CaseContext } from './context.ts';
import { hiddenFrom } from './hidden.rules.ts';

/** A case that a secret opened: of a claimant, or by a code, which reads and does not act. */
export interface OpenedCase<R extends SanctionRow = SanctionRow> {
  readonly record: R;
  readonly claimant: ClaimantRow | undefined;
}

export interface ClaimedCase<R extends SanctionRow = LockedRecord> extends OpenedCase<R> {
  readonly claimant: ClaimantRow;
}

/** @throws WrongSecret for anything that opens nothing, and for nothing else */
export async function openCase(ctx: CaseContext, secret: string): Promise<OpenedCase> {
  const opened = await find(ctx, secret);
  return resolve(ctx, secret, { opened, record: await findSanction(ctx.db, opened.sanction) });
}

/**
 * Opens a case to act on it: locked, with what is due written. The secret is looked up once more under the
 * lock, since it may have been replaced while this waited.
 */
export async function lockCase(
  ctx: CaseContext,
  secret: string,
): Promise<OpenedCase<LockedRecord>> {
  const { sanction } = await find(ctx, secret);
  const locked = await lockRecord(ctx, sanction);
  const opened = await find(ctx, secret);
  return resolve(ctx, secret, { opened, record: locked && (await applyDueSteps(ctx, locked)) });
}

/** How whoever opened a case came to it: a claimant by ways, anybody else by a code. */
export interface CameBy {
  /** Those of a representative and a guardian include the ways of whoever let them in */
  readonly ways: readonly WayRow[];
  readonly code: CodeRow | undefined;
}

/** Reads how whoever opened a case came to it. */
export async function cameBy(
  { db }: CaseContext,
  { claimant }: OpenedCase,
  secret: string,
): Promise<CameBy> {
  if (!claimant) return { ways: [], code: await codeOf(db, caseKey(secret)) };
  return { ways: await allWaysOf(db, claimant), code: undefined };
}

/** Says why a case keeps its reason from whoever came like this; nothing where it shows it: see `hiddenFrom`. */
export const hiddenIn = ({ record }: OpenedCase, { ways, code }: CameBy): HiddenWhile | undefined =>
  hiddenFrom(code ? [{ by_phone: code.by_phone, number_since: null }] : ways, record.incident_to);

const allWaysOf = async (db: Db, { id, acts_for: other }: ClaimantRow): Promise<WayRow[]> => [
  ...(await waysOf(db, id)),
  ...(other === null ? [] : await waysOf(db, other)),
];

/** Locks a case by the secret of a claimant: a code only reads and claims. */
export async function lockAsClaimant(ctx: CaseContext, secret: string): Promise<ClaimedCase> {
  return asClaimant(await lockCase(ctx, secret));
}

/** Locks a case for a claimant in person, who gives up what is theirs. */
export async function lockInPerson(ctx: CaseContext, secret: string): Promise<ClaimedCase> {
  const opened = await lockAsClaimant(ctx, secret);
  if (!mayGiveUp(opened.claimant)) throw refusal('state-conflict', 'key', 'claimant-only');
  return opened;
}

/** Locks a case for a claimant who joined the open appeal. */
export async function lockJoined(
  ctx: CaseContext,
  secret: string,
  lock = lockAsClaimant,
): Promise<ClaimedCase & { readonly appeal: Id<'apl'>; readonly speaker: string }> {
  const opened = await lock(ctx, secret);
  const { appeal } = opened.record;
  if (appeal === null) throw refusal('state-conflict', 'key', 'no-open-appeal');
  const speaker = speaksAs(opened.claimant);
  const joined = await joinedIn(ctx.db, { sanction: opened.record.id, claimant: speaker });
  if (!joined.some((join) => join.appeal === appeal)) {
    throw refusal('state-conflict', 'key', 'not-joined');
  }
  return { ...opened, appeal, speaker };
}

export function asClaimant<R extends SanctionRow>({
  record,
  claimant,
}: OpenedCase<R>): ClaimedCase<R> {
  if (!claimant) throw refusal('state-conflict', 'key', 'claim-first');
  return { record, claimant };
}

async function find({ db }: CaseContext, secret: string): Promise<SecretMatch> {
  const opened = await findOpened(db, caseKey(secret));
  if (!opened) throw new WrongSecret();
  return opened;
}

async function resolve<R extends SanctionRow>(
  ctx: CaseContext,
  secret: string,
  { opened, record }: { opened: SecretMatch; record: R | undefined },
): Promise<OpenedCase<R>> {
  const claimant =
    opened.by === 'claimant' ? await findClaimant(ctx.db, caseKey(secret)) : undefined;
  // Erased when it is due, whether or not a job has come round to it.
  if (!record || (await dueErasure(ctx, record)) === 'case') throw new WrongSecret();
  return { record, claimant };
}

/** Whose words and acts they are: a representative counts as the claimant who let them in. */
export const speaksAs = ({ id, kind, acts_for }: ClaimantRow): string =>
  kind === 'representative' ? (acts_for ?? id) : id;

/** Gives up what is a claimant's own: nobody does that for them. */
const mayGiveUp = ({ kind }: ClaimantRow): boolean => kind !== 'representative';
