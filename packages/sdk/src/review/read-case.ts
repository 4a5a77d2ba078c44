import {
  decisionOutcomes,
  inspectionOutcomes,
  type AppealRecord,
  type DecisionOutcome,
  type InspectionOutcome,
  type OpOutput,
  type ReviewId,
  type SanctionStatement,
} from '@recourse/protocol';
import { whyClosed, type WhyClosed } from '@recourse/protocol/review';
import { verifyStatement } from '../checks/verify-statement.ts';
import { failAs } from '../errors.ts';
import type { Operations } from '../operations.ts';
import type { Session } from '../session/session.ts';
import type { CallOptions } from '../transport/transport.ts';

type Taken = OpOutput<'review.get'>;
type TakenAppeal = Extract<Taken, AppealRecord>;

/** An outcome that a reviewer may choose now, or why not. */
export interface OpenOutcome {
  /** Outcome that the reviewer would decide */
  readonly outcome: DecisionOutcome | InspectionOutcome;
  /** Why it is closed; absent where it is open */
  readonly closed?: WhyClosed | 'not-delivered';
  /** When it opens by itself */
  readonly opensAt?: string;
}

/** A taken case, and how it can be decided now. */
export interface ReadCase {
  /** The case as the registry has it */
  readonly taken: Taken;
  /** As the submitter signed it */
  readonly statement: SanctionStatement;
  /** Every outcome of its kind, open or closed */
  readonly outcomes: readonly OpenOutcome[];
}

/** One taken case, with what a decision needs: a false registry cannot show another record than was signed. */
export async function readCase(
  { session, operations }: { session: Session; operations: Operations['review'] },
  appeal: ReviewId,
  options?: CallOptions,
): Promise<ReadCase> {
  const taken = await operations.get({ appeal }, options);
  const statement = await failAs('statement-invalid', () =>
    verifyStatement(session, taken.statement, taken.sanction),
  );
  const now = session.transport.now();
  const outcomes = 'inspection' in taken ? ofInspection(taken) : ofAppeal(taken, now);
  return { taken, statement, outcomes };
}

function ofAppeal(taken: TakenAppeal, now: Date): OpenOutcome[] {
  const gists = taken.questions
    .filter(({ kind }) => kind === 'gist')
    .map(({ answeredAt, answerDueAt }) => ({
      answered: answeredAt !== undefined,
      dueAt: new Date(answerDueAt),
      answerDueAt,
    }));
  const facts = {
    now,
    openedAt: new Date(taken.openedAt),
    ended: taken.onEnded,
    evidenceConfirmed: taken.confirmedAt !== undefined,
    gists,
  };
  const last = gists
    .map(({ answerDueAt }) => answerDueAt)
    .toSorted()
    .at(-1);
  return decisionOutcomes.map((outcome) => {
    const closed = whyClosed(outcome, facts);
    const opens = closed === 'gist-unanswered' && last !== undefined ? { opensAt: last } : {};
    return { outcome, ...(closed && { closed }), ...opens };
  });
}

function ofInspection({ evidence, confirmedAt }: Taken): OpenOutcome[] {
  const isThere = evidence.every(({ delivered, disputed }) => delivered && disputed !== true);
  return inspectionOutcomes.map((outcome) => {
    const isOpen = isThere && (outcome === 'failed' || confirmedAt !== undefined);
    return { outcome, ...(isOpen ? {} : { closed: isThere ? 'not-confirmed' : 'not-delivered' }) };
  });
}
