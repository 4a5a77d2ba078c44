import {
  Problem,
  toNumericDate,
  toTimestamp,
  type Id,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import { isBehind } from '@recourse/protocol/review';
import type { CallContext } from '../../context/context.ts';
import { refusal } from '../../kernel/refusal.ts';
import { shareSigner } from '../../parties/key-store.ts';
import { assertTrusted, readStatement } from '../../parties/opening.ts';
import { subjectsOf, type SanctionRow } from '../../records/store.ts';
import { examineRelay } from '../../review/inspection-opening.ts';
import { loadFacts, type LoadedFacts } from '../../submissions/load-facts.ts';
import { lockDraft } from '../../submissions/lock-draft.ts';
import { commitmentsIn, logSubmitted, noticeDue, shareFound } from '../../submissions/recording.ts';
import { setSubmitted } from '../../submissions/submission-store.ts';
import { refuseConfirmation } from '../../submissions/submission.rules.ts';

/** A second holder confirms drafts. */
export async function confirmDrafts(
  ctx: CallContext,
  { sanctions }: OpInput<'sanctions.confirm'>,
): Promise<OpOutput<'sanctions.confirm'>> {
  const confirmed = [];
  // In the order of their ids, so that two calls about the same drafts do not wait for each other.
  for (const id of [...new Set(sanctions)].toSorted()) confirmed.push(await confirmDraft(ctx, id));
  return { confirmed };
}

type ConfirmedDraft = OpOutput<'sanctions.confirm'>['confirmed'][number];

/**
 * Confirms one draft. A person who signed a statement cannot be the second to look at it, whatever key
 * they hold: the rule binds the holder.
 */
async function confirmDraft(ctx: CallContext, id: Id<'snc'>): Promise<ConfirmedDraft> {
  const draft = await lockDraft(ctx, id, 'sanctions');
  if (draft.holder === ctx.caller.holder) {
    throw refusal('not-independent', 'sanctions', 'same-holder');
  }
  const signer = await shareSigner(ctx.db, draft.kid);
  if (!signer) throw new Problem('key-inactive');
  assertTrusted(signer);
  const statement = readStatement(draft.statement);
  const rows = await subjectsOf(ctx.db, id);
  const judged = await judge(ctx, draft, { statement, rows });
  const due = noticeDue(ctx.now, ctx.services.deadlines);
  const sources = await shareFound(ctx, judged.sources);
  await setSubmitted(ctx.db, {
    sanction: id,
    submittedAt: ctx.now,
    noticeDueAt: due,
    priorMatch: sources.isDerived,
    backlogged: isBehind(judged.facts.platform.backlog),
    relayed: judged.reversals.length > 0,
  });
  await draft.note({ event: 'submitted' });
  await logSubmitted(ctx, { record: draft, statement, caseKey: draft.key(), sources });
  await examineRelay(ctx, { sanction: id, reversals: judged.reversals });
  draft.retain();
  return { sanction: id, state: 'held', version: 1, noticeDueAt: toTimestamp(due) };
}

/** @throws Problem the first refusal at the moment of confirmation */
async function judge(
  ctx: CallContext,
  draft: SanctionRow,
  {
    statement,
    rows,
  }: {
    statement: ReturnType<typeof readStatement>;
    rows: Awaited<ReturnType<typeof subjectsOf>>;
  },
): Promise<LoadedFacts> {
  const evades = draft.evades ?? undefined;
  const judged = await loadFacts(ctx, {
    sanction: draft.id,
    reason: draft.reason,
    incidentFrom: draft.incident_from,
    lookups: rows.map(({ lookup }) => lookup),
    evades,
    evidence: commitmentsIn(statement),
    before: draft.drafted_at ?? ctx.now,
    isAlone: false,
  });
  const subjects = rows.map(({ epoch, kind, proven_at }) => ({
    epoch,
    kind,
    provenAt: toNumericDate(proven_at),
  }));
  const problem = refuseConfirmation({ statement, subjects, evades }, judged.facts);
  if (problem) throw problem;
  return judged;
}
