import { Problem, type Id, type PanelOutcome } from '@recourse/protocol';
import { missingItems } from '../appeals/evidence.rules.ts';
import { sealText } from '../appeals/sealed-text.ts';
import { caseOf } from '../cases/open-case.ts';
import { placeOf } from '../cases/sealed-columns.ts';
import type { CallContext } from '../context.ts';
import { insertVote, votersOf } from '../panel/store.ts';
import { unexamined } from '../sanctions/life.rules.ts';
import { refusal } from '../sanctions/refusal.ts';
import { appendEvent, findSanction, type SanctionRow } from '../sanctions/store.ts';
import { lift } from '../sanctions/transition.ts';
import { closeInspection } from './inspection-closing.ts';
import { inspectionEvidence } from './inspection-evidence.ts';
import { failInspection } from './inspection-failing.ts';
import { setConfirmed } from './inspection-store.ts';
import { lockOwnInspection } from './inspection-taking.ts';

const cause = 'insufficient-evidence';

/**
 * The vote of the reviewer to whom the evidence was sealed. A failure is a reversal, with its recalls; passed, a record that
 * answered no check until it was examined answers again.
 */
export async function voteOnInspection(
  ctx: CallContext,
  of: { item: Id<'itm'>; outcome: PanelOutcome; artefact: string; reasons: string },
): Promise<void> {
  const { db, now: at, caller } = ctx;
  const { holder, kid } = caller;
  const { item, outcome, artefact } = of;
  if ((await votersOf(db, [item])).get(item)?.has(holder)) throw new Problem('already-decided');
  const { inspection, record } = await lockOwnInspection(ctx, item);
  const states = await inspectionEvidence(db, item, record);
  if (missingItems(states).length > 0) throw refusal('state-conflict', 'evidence', 'not-delivered');
  if (states.some(({ disputed }) => disputed)) {
    throw refusal('state-conflict', 'evidence', 'disputed');
  }
  const { caseKey } = await caseOf(ctx, record);
  const reasons = sealText(caseKey, of.reasons, placeOf('panel_votes.reasons', { item, holder }));
  await insertVote(db, { item, holder, kid, outcome, artefact, reasons, at });
  ctx.keepWith.add(record.id);
  if (outcome === 'failed') {
    await failInspection(ctx, { inspection, record }, { by: 'votes', cause, artefact });
    return;
  }
  await closeInspection(ctx, { item, record }, { by: 'votes', at, outcome, votes: [artefact] });
  const after = (await findSanction(db, record.id)) ?? record;
  if (record.left_at) await confirmLeaver(ctx, after);
  await lift(ctx, after, { causes: [unexamined], at });
}

/** Examined after its submitter left, it stays. */
async function confirmLeaver(
  { db, now: at }: CallContext,
  { id: sanction, version }: SanctionRow,
): Promise<void> {
  await setConfirmed(db, { sanction, at });
  await appendEvent(db, { sanction, version, event: 'leaver-confirmed', at });
}
