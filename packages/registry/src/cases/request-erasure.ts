import { toTimestamp, type CaseInput, type CaseOutput } from '@recourse/protocol';
import { mayOpenNow, openAppeal } from '../appeals/open-appeal.ts';
import { addDays } from '../bounds.ts';
import { erasureRequestDays } from '../retention/erasure.rules.ts';
import { erasableOf } from '../retention/erasure-store.ts';
import { erasureRequestOf, insertErasureRequest } from '../retention/request-store.ts';
import { standingOf } from '../sanctions/record.ts';
import { invalid, refusal } from '../sanctions/refusal.ts';
import type { SanctionRow } from '../sanctions/store.ts';
import { lockInPerson } from './access.ts';
import type { CaseContext } from './context.ts';
import { waysOfClaimant } from './join-store.ts';
import { caseOf } from './open-case.ts';

/**
 * A claimant objects, or asks for erasure (GDPR, Art. 21 and 17). The case of an ended record is erased 30 d after that,
 * later while an appeal or a recall is open. An objection to a live record is decided as an appeal is, with all its
 * deadlines: the submitter shows what it has, or the record falls.
 * @throws Problem `state-conflict` when it was asked before
 */
export async function requestErasure(
  ctx: CaseContext,
  input: CaseInput<'case.requestErasure'>,
): Promise<CaseOutput<'case.requestErasure'>> {
  const { record, claimant } = await lockInPerson(ctx, input.key);
  const { db, now: at, changes } = ctx;
  if (await erasureRequestOf(db, record.id)) throw refusal('state-conflict', 'key', 'requested');
  const appeal = await object(ctx, record, { ...input, claimant: claimant.id });
  const { ground } = input;
  await insertErasureRequest(db, { sanction: record.id, ground, at });
  changes.sanction('erasure-requested', { ...(await caseOf(ctx, record)), detail: { ground } });
  const isLive = standingOf(record, at).ended === undefined;
  const { open, requested } = await erasableOf(db, { sanction: record.id, now: at });
  return {
    requestedAt: toTimestamp(at),
    state: isLive || open || !requested ? 'waiting' : 'due',
    notBefore: notBefore(at),
    ...(appeal === undefined ? {} : { appeal }),
  };
}

/** Every claimant hears of it before it is done. */
export const notBefore = (at: Date): string => toTimestamp(addDays(at, erasureRequestDays));

/** Opens the appeal that decides an objection, unless one is open, or has just decided what there is to decide. */
async function object(
  ctx: CaseContext,
  record: SanctionRow,
  of: CaseInput<'case.requestErasure'> & { claimant: string },
): Promise<`apl_${string}` | undefined> {
  if (of.ground !== 'objection' || standingOf(record, ctx.now).ended) return undefined;
  const { until, needsNews } = await mayOpenNow(
    ctx,
    record,
    await waysOfClaimant(ctx.db, { claimant: of.claimant, now: ctx.now }),
  );
  if (!until) return undefined;
  const { words, language = 'en', claimant } = of;
  if (words === undefined) throw invalid('words', 'required');
  const appeal = await openAppeal(ctx, record, {
    claimant,
    ground: 'disproportionate',
    words,
    language,
    // Who objects after an appeal was decided says in these words what is new.
    news: needsNews ? words : undefined,
  });
  return appeal.id;
}
