import type { CaseInput, CaseOutput } from '@recourse/protocol';
import { lockInPerson, type ClaimedCase } from '../../cases/access.ts';
import type { CaseContext } from '../../cases/context.ts';
import {
  erasureRequestsOf,
  insertErasureRequest,
  keepErasure,
  notBefore,
} from '../../cases/erasure-store.ts';
import { joinOpen } from '../../cases/join-open.ts';
import { readSignedAct } from '../../cases/signed-act.ts';
import { invalid, refusal } from '../../kernel/refusal.ts';
import { standingOf } from '../../records/record.ts';
import { waysOfClaimant } from '../../review/join-store.ts';
import { mayOpenNow, openAppeal } from '../../review/open-appeal.ts';

type ErasureInput = CaseInput<'case.requestErasure'>;

/**
 * A claimant objects, or asks for erasure (GDPR, Art. 21 and 17). Of a live record it is an appeal, with all its deadlines:
 * the submitter shows what it has, or the record falls. Of an ended one it erases, after 30 d, the identifiers that this
 * claimant proved, and the rest with the last of them: by a shared way nothing.
 * @throws Problem `state-conflict` when it was asked before, or nothing was proved
 */
export async function requestErasure(
  ctx: CaseContext,
  input: ErasureInput,
): Promise<CaseOutput<'case.requestErasure'>> {
  const opened = await lockInPerson(ctx, input.key);
  const { record, claimant } = opened;
  const { db, now: at } = ctx;
  if (!standingOf(record, at).ended) return { appeal: await object(ctx, opened, input) };
  const { jti, keep = false, act: compact } = input;
  const entry = 'erasure-requested';
  const all = await erasureRequestsOf(db, record.id);
  const isAsked = all.some((request) => request.claimant === claimant.id);
  if (keep) {
    await keepErasure(db, { claimant: claimant.id, at });
    if (isAsked) await record.note({ event: 'erasure-kept', entry, detail: { kept: true } });
    return {};
  }
  const { act, detail } = await readSignedAct(ctx, claimant, {
    act: 'request-erasure',
    jti,
    compact,
  });
  if (isAsked) throw refusal('state-conflict', 'key', 'requested');
  const ways = await waysOfClaimant(db, { claimant: claimant.id, now: at });
  if (!ways.some((way) => way !== claimant.id))
    throw refusal('state-conflict', 'key', 'nothing-proved');
  await insertErasureRequest(db, { sanction: record.id, claimant: claimant.id, at, act });
  await record.note({ event: 'erasure-asked', entry, detail });
  return { notBefore: notBefore(at) };
}

/** Opens the appeal that decides it, or joins the one that is open: nobody's appeal is in the way of it. */
async function object(
  ctx: CaseContext,
  { record, claimant }: ClaimedCase,
  { words, language = 'en' }: ErasureInput,
): Promise<`apl_${string}`> {
  if (words === undefined) throw invalid('words', 'required');
  const asks = { claimant: claimant.id, ground: 'disproportionate', words } as const;
  const { appeal: open } = record;
  if (open !== null) return (await joinOpen(ctx, record, { ...asks, appeal: open })).id;
  const ways = await waysOfClaimant(ctx.db, { claimant: claimant.id, now: ctx.now });
  const { needsNews } = await mayOpenNow(ctx, record, ways);
  // Who objects after an appeal was decided says in these words what is new.
  const news = needsNews ? words : undefined;
  return (await openAppeal(ctx, record, { ...asks, language, news })).id;
}
