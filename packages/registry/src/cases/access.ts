import { caseKey, type Problem } from '@recourse/protocol';
import { dueErasure } from '../retention/erasing.ts';
import { materialise } from '../sanctions/materialise.ts';
import { refusal } from '../sanctions/refusal.ts';
import { findSanction, lockSanction, type SanctionRow } from '../sanctions/store.ts';
import type { CaseContext } from './context.ts';
import { findHolder, findOpened, liveHolder, type HolderRow, type Opened } from './holder-store.ts';
import { givenAs, mayAct, mayDispose } from './represents.ts';
import { WrongSecret } from './wrong-secret.ts';

/** A case that a secret opened: by a live key of it, or by its code, which is then no holder's. */
export interface OpenedCase {
  readonly record: SanctionRow;
  readonly key: HolderRow | undefined;
}

/** @throws WrongSecret for anything that opens nothing, and for nothing else */
export async function openCase(ctx: CaseContext, secret: string): Promise<OpenedCase> {
  const opened = await find(ctx, secret);
  return resolve(ctx, secret, { opened, record: await findSanction(ctx.db, opened.sanction) });
}

/**
 * Opens a case to act on it: locked, with what is due written. The secret is looked up once more under the
 * lock, since its key may have been rotated or contested while this waited.
 */
export async function lockCase(ctx: CaseContext, secret: string): Promise<OpenedCase> {
  const { sanction } = await find(ctx, secret);
  const locked = await lockSanction(ctx.db, sanction);
  const opened = await find(ctx, secret);
  return resolve(ctx, secret, { opened, record: locked && (await materialise(ctx, locked)) });
}

/** By a key: the code of the notice only claims. */
export async function lockByKey(
  ctx: CaseContext,
  secret: string,
): Promise<{ record: SanctionRow; key: HolderRow }> {
  const { record, key } = await lockCase(ctx, secret);
  return { record, key: await asKey(ctx, record, key) };
}

export async function openByKey(
  ctx: CaseContext,
  secret: string,
): Promise<{ record: SanctionRow; key: HolderRow }> {
  const { record, key } = await openCase(ctx, secret);
  return { record, key: await asKey(ctx, record, key) };
}

/** By the key of whoever holds the case, or acts for them: to answer and to add. */
export async function lockToAnswer(
  ctx: CaseContext,
  secret: string,
): Promise<{ record: SanctionRow; key: HolderRow }> {
  const opened = await lockByKey(ctx, secret);
  if (!mayAct(opened.key)) throw refusal('state-conflict', 'key', 'not-holder');
  return opened;
}

/** By the key of whoever may give up what the case is about: its holder, or the guardian of a minor. */
export async function lockToDispose(
  ctx: CaseContext,
  secret: string,
): Promise<{ record: SanctionRow; key: HolderRow }> {
  const opened = await lockByKey(ctx, secret);
  if (!mayDispose(opened.key)) throw notHolder(opened.key);
  return opened;
}

/** By the key of whoever holds the case. */
export async function lockByHolder(
  ctx: CaseContext,
  secret: string,
): Promise<{ record: SanctionRow; key: HolderRow }> {
  const opened = await lockByKey(ctx, secret);
  if (!opened.key.holds) throw notHolder(opened.key);
  return opened;
}

const notHolder = (key: HolderRow): Problem =>
  refusal('state-conflict', 'key', givenAs(key) ? 'holder-only' : 'not-holder');

async function asKey(
  { db }: CaseContext,
  record: SanctionRow,
  key: HolderRow | undefined,
): Promise<HolderRow> {
  if (key) return key;
  const claimed = await liveHolder(db, record.id);
  throw refusal('state-conflict', 'key', claimed ? 'claimed' : 'claim-first');
}

async function find({ db }: CaseContext, secret: string): Promise<Opened> {
  const opened = await findOpened(db, caseKey(secret));
  if (!opened) throw new WrongSecret();
  return opened;
}

async function resolve(
  ctx: CaseContext,
  secret: string,
  of: { opened: Opened; record: SanctionRow | undefined },
): Promise<OpenedCase> {
  const { opened, record } = of;
  const key = opened.by === 'key' ? await findHolder(ctx.db, caseKey(secret)) : undefined;
  // Erased when it is due, whether or not a job has come round to it.
  if (!record || (await dueErasure(ctx, record)) === 'case') throw new WrongSecret();
  return { record, key };
}
