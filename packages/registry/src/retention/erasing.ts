import { entryLeafHash } from '@recourse/protocol';
import { commitChanges } from '../commit/commit-changes.ts';
import { toldPlatforms } from '../told/recalls/store.ts';
import type { RecordEnd } from '../records/life.rules.ts';
import { applyDueSteps } from '../records/apply-due-steps.ts';
import { standingOf } from '../records/record.ts';
import type { LockedRecord, TransitionContext } from '../records/transition-context.ts';
import type { SanctionRow } from '../records/store.ts';
import { erasureDue, type Erasable, type ErasureStep } from './erasure.rules.ts';
import { erasableOf, eraseCase, eraseSubject, eraseTexts } from './erasure-store.ts';
import { remember } from '../submissions/remembering.ts';

/** Says what is to be erased of a record now, whether or not a job has come round to it. */
export async function dueErasure(
  { db, now, services }: Pick<TransitionContext, 'db' | 'now' | 'services'>,
  record: SanctionRow,
): Promise<ErasureStep | undefined> {
  const facts = await factsOf({ db, now }, record);
  return facts && erasureDue(facts, { now, deadlines: services.deadlines });
}

async function factsOf(
  { db, now }: Pick<TransitionContext, 'db' | 'now'>,
  record: SanctionRow,
): Promise<Erasable | undefined> {
  const { ended } = standingOf(record, now);
  if (!ended) return undefined;
  const facts = await erasableOf(db, { sanction: record.id, now });
  const owes = await owesRecalls(db, record, ended);
  return {
    ...facts,
    delayed: facts.delayed || owes,
    open: facts.open || owes,
    endedAt: ended.at,
    textsErased: record.texts_erased_at !== null,
  };
}

/** Ended early by time alone and nobody wrote it down: whoever was told is to be recalled, and is not yet. */
async function owesRecalls(
  db: TransitionContext['db'],
  record: SanctionRow,
  ended: RecordEnd,
): Promise<boolean> {
  if (record.end_kind !== null || ended.state === 'expired') return false;
  return (await toldPlatforms(db, [record.id])).has(record.id);
}

/**
 * Erases what is due of a locked record. Its entry is written first, since nobody can open or make one afterwards.
 * @returns the number of steps: 1, or 0 where nothing is due
 */
export async function eraseDue(ctx: TransitionContext, locked: SanctionRow): Promise<number> {
  const record = await applyDueSteps(ctx, locked);
  const step = await dueErasure(ctx, record);
  if (step === undefined || record.erased_at) return 0;
  if (step === 'subjects') return eraseSubjects(ctx, record);
  const { db, now, changes } = ctx;
  if (!record.texts_erased_at) {
    await remember({ db, now, vault: ctx.services.vault }, record);
  }
  // A draft has no entries.
  const isLogged = record.submitted_at !== null;
  if (isLogged) {
    await record.note({ entry: step === 'case' ? 'erased' : 'texts-erased', detail: {} });
  }
  await commitChanges(ctx);
  const sanction = record.id;
  if (step === 'texts') {
    await eraseTexts(db, { sanction, at: now });
    return 1;
  }
  const entry = isLogged ? changes.list.at(-1)!.entry : undefined;
  await eraseCase(db, { sanction, at: now, leaf: entry ? entryLeafHash(entry) : null });
  return 1;
}

/**
 * Erases what claimants proved who asked: each with an entry of its own, and a line that everybody on the case reads.
 */
async function eraseSubjects(ctx: TransitionContext, record: LockedRecord): Promise<number> {
  const { db, now, services } = ctx;
  const { id: sanction } = record;
  const { subjects } = await erasableOf(db, { sanction, now });
  await remember({ db, now, vault: services.vault }, record, subjects);
  for (const position of subjects) {
    await record.note({
      event: 'subject-erased',
      entry: 'subject-erased',
      detail: { position },
      name: `${position}`,
    });
  }
  await commitChanges(ctx);
  for (const position of subjects) await eraseSubject(db, { sanction, position, at: now });
  return 1;
}
