import { recallsOwed, type EndCause, type WithdrawalCause } from '@recourse/protocol';
import { closeInspectionOf } from '../review/inspection-closing.ts';
import { judgeSubmitter } from '../accountability/judging.ts';
import { closeAppealRow } from '../review/store.ts';
import { caseOf } from '../vault/open-case.ts';
import { emitToAll } from '../told/events/emit.ts';
import { closeItemsOf } from '../panel/case-items.ts';
import type { Ended, EndKind } from './life.rules.ts';
import { standingOf } from './record.ts';
import {
  appendEvent,
  evadersOf,
  insertEnd,
  liftSuspensions,
  lockSanction,
  type SanctionRow,
} from './store.ts';
import { makeTransition, type Acting, type Changed } from './transition.ts';

export interface Ending {
  readonly kind: EndKind;
  readonly cause: EndCause;
  /** The party whose act, or whose missed deadline, it is */
  readonly by: string;
  /** The signed withdrawal or decision */
  readonly artefact?: string | undefined;
  /** Why the submitter conceded, where it did */
  readonly concession?: WithdrawalCause;
  /** The instant it ended where a deadline ended it; now where somebody did */
  readonly at?: Date;
}

/**
 * Ends a live sanction early: the end, its next version, and a recall for every platform that was told of
 * an earlier one, in one transaction. The caller holds the lock from {@link lockSanction}. An appeal that is
 * open has reached what it asked for, and is closed.
 */
export async function endSanction(
  acting: Acting,
  record: SanctionRow,
  ending: Ending,
): Promise<Changed> {
  const { db, now } = acting;
  const { kind, cause, by, artefact = null } = ending;
  const at = ending.at ?? now;
  await insertEnd(db, { sanction: record.id, kind, cause, at, by_party: by, artefact });
  await liftSuspensions(db, { sanction: record.id, at });
  await closeMoot(acting, record, { ...ending, at });
  await closeInspectionOf(acting, record, { kind, cause, at });
  await closeItemsOf(acting, record, at);
  const changed = await makeTransition(acting, record, {
    event: 'ended',
    cause,
    at,
    entry: { type: 'sanction-ended', kind, by },
    recall: 'undo',
    // Nobody was told of a draft.
    ...(record.submitted_at ? { tell: `sanction-${kind}` as const } : {}),
  });
  await endEvaders(acting, record, ending);
  // Every reversal counts, and what was withdrawn under an appeal.
  if (kind === 'reversed' || record.appeal !== null || record.inspection !== null)
    await judgeSubmitter(acting, record.party);
  return changed;
}

/** Nobody decided or conceded: the evidence was not there, or not what it was said to be. */
const undelivered: ReadonlySet<string> = new Set(['evidence-not-delivered', 'evidence-mismatch']);

/** The ends that answer an appeal by themselves; a decision closes its own before it ends anything. */
async function closeMoot(
  { db }: Acting,
  record: SanctionRow,
  { kind, cause, at, concession }: Ending & { at: Date },
): Promise<void> {
  if (record.appeal === null) return;
  const asked = undelivered.has(cause) ? 'undelivered' : 'conceded';
  const as = kind === 'undecided' ? 'undecided' : asked;
  await closeAppealRow(db, record.appeal, { as, cause, concession, at });
}

/** An end that came with time alone, written into the history. */
export async function recordEnded(
  acting: Acting,
  record: SanctionRow,
  ended: Ended,
): Promise<void> {
  const { state, cause = 'undecided', at } = ended;
  if (state === 'expired') return recordExpired(acting, record, at);
  const by = cause === 'undecided' ? 'panel' : record.party;
  await endSanction(acting, record, { kind: state, cause, by, at });
}

/** Nobody owes a recall for an expiry: everyone was told when it comes. An open appeal goes on, to a finding. */
async function recordExpired(acting: Acting, record: SanctionRow, at: Date): Promise<void> {
  const { id: sanction, version } = record;
  await appendEvent(acting.db, { sanction, version, event: 'ended', cause: 'expired', at });
  await liftSuspensions(acting.db, { sanction, at });
  await closeInspectionOf(acting, record, { kind: 'expired', at });
  await closeItemsOf(acting, record, at);
  if (!record.submitted_at) return;
  acting.changes.sanction('sanction-ended', {
    ...(await caseOf(acting, record)),
    detail: { kind: 'expired', version },
    effective: at,
    cause: 'expired',
    recalls: recallsOwed([]),
  });
  await emitToAll(acting, { record, type: 'sanction-expired', body: { version } });
  for (const id of await evadersOf(acting.db, record.id)) {
    const evader = await lockSanction(acting.db, id);
    if (evader?.end_kind === null && !evader.end_recorded) await recordExpired(acting, evader, at);
  }
}

/** network.ban-evasion ends when the evaded sanction ends. */
async function endEvaders(acting: Acting, evaded: SanctionRow, ending: Ending): Promise<void> {
  for (const id of await evadersOf(acting.db, evaded.id)) {
    const evader = await lockSanction(acting.db, id);
    // Read with the evaded end already written, it would always look ended.
    if (!evader || standingOf({ ...evader, evaded_kind: null }, acting.now).ended) continue;
    const { kind, by, at } = ending;
    await endSanction(acting, evader, { kind, cause: 'evaded-ended', by, ...(at ? { at } : {}) });
  }
}
