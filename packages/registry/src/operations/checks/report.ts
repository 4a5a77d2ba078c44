import { fromNumericDate, Problem, type OpInput, type OpOutput } from '@recourse/protocol';
import { invalid, refusal } from '../../kernel/refusal.ts';
import type { CallContext } from '../../context/context.ts';
import {
  burdensCreator,
  judgeOutcome,
  type ReportedOutcome,
  type Verdict,
} from '../../lookup/checks/outcome.rules.ts';
import { lockMatches, recordOutcome, type LockedMatch } from '../../lookup/checks/store.ts';

type Outcomes = OpInput<'checks.report'>['outcomes'];

/** Records what was done after matches: all of the reported outcomes, or none. */
export async function report(
  ctx: CallContext,
  input: OpInput<'checks.report'>,
): Promise<OpOutput<'checks.report'>> {
  const own = await lockOwn(ctx, input.outcomes);
  for (const [place, outcome] of input.outcomes.entries()) {
    const told = own[place]!;
    const reported = toReported(outcome);
    const verdict = judgeOutcome(told, reported, { role: ctx.caller.role, now: ctx.now });
    if (verdict.kind === 'refused') throw toProblem(verdict, place);
    if (verdict.kind === 'record') {
      const { ref } = outcome;
      await recordOutcome(ctx.db, { id: told.id, reported, ref, at: ctx.now });
    }
    ctx.retainCallFor.add(told.sanction);
  }
  return { recorded: own.length };
}

/** The matches in the order of the input. One that is another's reads like one that never was. */
async function lockOwn(ctx: CallContext, outcomes: Outcomes): Promise<LockedMatch[]> {
  const ids = outcomes.map(({ match }) => match);
  if (new Set(ids).size < ids.length) {
    throw invalid('outcomes', 'duplicate');
  }
  const locked = await lockMatches(ctx.db, { party: ctx.caller.party, ids });
  if (locked.length < ids.length) throw new Problem('not-found');
  const byId = new Map(locked.map((match) => [match.id, match]));
  return ids.map((id) => byId.get(id)!);
}

/** Times of review and notice belong to outcomes that burden the creator; with others they say nothing. */
function toReported(reported: Outcomes[number]): ReportedOutcome {
  const { outcome } = reported;
  if (!burdensCreator(outcome)) return { outcome, reviewedAt: null, noticeSentAt: null };
  return {
    outcome,
    reviewedAt: toDate(reported.reviewedAt),
    noticeSentAt: toDate(reported.noticeSentAt),
  };
}

function toProblem(verdict: Extract<Verdict, { kind: 'refused' }>, place: number): Problem {
  if (verdict.member === undefined) return new Problem(verdict.code);
  return refusal(
    verdict.code,
    `outcomes.${place}.${verdict.member}`,
    verdict.issue ?? 'wrong-type',
  );
}

const toDate = (seconds: number | undefined): Date | null =>
  seconds === undefined ? null : fromNumericDate(seconds);
