import { Problem, type Id, type PanelOutcome } from '@recourse/protocol';
import { sealText } from '../appeals/sealed-text.ts';
import { caseOf } from '../cases/open-case.ts';
import type { CallContext } from '../context.ts';
import { insertVote, votersOf } from '../panel/store.ts';
import { endSanction } from '../sanctions/ending.ts';
import { unexamined } from '../sanctions/life.ts';
import { refusal } from '../sanctions/refusal.ts';
import { findSanction } from '../sanctions/store.ts';
import { lift } from '../sanctions/transition.ts';
import { closeAudit } from './audit-closing.ts';
import { lockAudit, statesOf } from './auditing.ts';

/**
 * The vote of the reviewer to whom the evidence was sealed. A failure is a reversal, with its recalls; passed, a record that
 * answered no check until it was examined answers again.
 */
export async function voteOnAudit(
  ctx: CallContext,
  of: { item: Id<'itm'>; outcome: PanelOutcome; artefact: string; reasons: string },
): Promise<void> {
  const { db, now: at, caller } = ctx;
  const { holder, kid } = caller;
  const { item, outcome, artefact } = of;
  if ((await votersOf(db, [item])).get(item)?.has(holder)) throw new Problem('already-decided');
  const { audit, record } = await lockAudit(ctx, item);
  if (audit.holder !== holder) throw new Problem('not-found');
  const states = await statesOf(ctx, audit, record);
  if (!states.every(({ delivered }) => delivered)) {
    throw refusal('state-conflict', 'evidence', 'not-delivered');
  }
  const { caseKey } = await caseOf(ctx, record);
  const reasons = sealText(caseKey, of.reasons);
  await insertVote(db, { item, holder, kid, outcome, artefact, reasons, at });
  await closeAudit(ctx, { item, record }, { by: 'votes', at, outcome, votes: [artefact] });
  ctx.keepWith.add(record.id);
  const after = (await findSanction(db, record.id)) ?? record;
  if (outcome === 'passed') {
    await lift(ctx, after, { causes: [unexamined], at });
    return;
  }
  const cause = 'insufficient-evidence';
  await endSanction(ctx, after, { kind: 'reversed', cause, by: 'panel', artefact });
}
