import { recallsOwed } from '@recourse/protocol';
import { caseOf } from '../cases/open-case.ts';
import type { CallContext } from '../context.ts';
import { issueRecalls } from '../recalls/issue-recalls.ts';
import { dueSteps, type Ended } from './life.ts';
import { lifeOf, standingOf } from './record.ts';
import {
  appendEvent,
  evadersOf,
  historyOf,
  insertEnd,
  lockSanction,
  type SanctionRow,
} from './store.ts';

/** What a transition works with: a call's context, or a job's. */
export type Acting = Pick<CallContext, 'db' | 'now' | 'changes' | 'services'>;

export interface Ending {
  readonly kind: 'withdrawn' | 'reversed';
  readonly cause: string;
  /** The party whose act, or whose missed deadline, it is */
  readonly by: string;
  /** The signed withdrawal or decision */
  readonly artefact?: string | undefined;
  /** The instant it ended where a deadline ended it; now where somebody did */
  readonly at?: Date;
}

/** A sanction that was ended early, with the number of recalls that its end owes. */
export interface EndedEarly {
  readonly version: number;
  readonly recalls: number;
}

/**
 * Ends a live sanction early: the end, its next version, and a recall for every platform that was told of
 * an earlier one, in one transaction. The caller holds the lock from {@link lockSanction}, and a disclosure
 * is written only under a share lock, so no platform is told without being recalled.
 */
export async function endSanction(
  acting: Acting,
  record: SanctionRow,
  ending: Ending,
): Promise<EndedEarly> {
  const { db, now } = acting;
  const version = record.version + 1;
  const at = ending.at ?? now;
  await insertEnd(db, {
    sanction: record.id,
    kind: ending.kind,
    cause: ending.cause,
    at,
    by_party: ending.by,
    artefact: ending.artefact ?? null,
    version,
  });
  await appendEvent(db, { sanction: record.id, version, event: 'ended', cause: ending.cause, at });
  const recalls = await issueRecalls(acting, record, { version, kind: 'undo' });
  // A draft has no entry in the ledger that an end could belong to.
  if (record.submitted_at) {
    acting.changes.sanction('sanction-ended', {
      ...(await caseOf(acting, record)),
      detail: { kind: ending.kind, cause: ending.cause, by: ending.by, version },
      cause: 'early',
      recalls,
    });
  }
  await endEvaders(acting, record, ending);
  return { version, recalls: recalls.count };
}

/** What time alone has done to a locked sanction is written before anything else is done to it. */
export async function materialise(acting: Acting, record: SanctionRow): Promise<void> {
  const history = await historyOf(acting.db, record.id);
  const recorded = new Set(history.map(({ event }) => event));
  for (const step of dueSteps(lifeOf(record), { recorded, now: acting.now })) {
    if (step.event === 'visible') await recordVisible(acting, record, step.at);
    else if (step.ended) await recordEnded(acting, record, step.ended);
  }
}

export async function recordVisible(acting: Acting, record: SanctionRow, at: Date): Promise<void> {
  const { id: sanction, version } = record;
  await appendEvent(acting.db, { sanction, version, event: 'visible', at });
  acting.changes.sanction('sanction-visible', {
    ...(await caseOf(acting, record)),
    detail: { version },
  });
}

async function recordEnded(acting: Acting, record: SanctionRow, ended: Ended): Promise<void> {
  if (ended.state !== 'expired') {
    const { state: kind, cause = 'lapsed', at } = ended;
    await endSanction(acting, record, { kind, cause, by: record.party, at });
    return;
  }
  const { id: sanction, version } = record;
  await appendEvent(acting.db, {
    sanction,
    version,
    event: 'ended',
    cause: 'expired',
    at: ended.at,
  });
  if (!record.submitted_at) return;
  acting.changes.sanction('sanction-ended', {
    ...(await caseOf(acting, record)),
    detail: { kind: 'expired', version },
    cause: 'expired',
    recalls: recallsOwed([]),
  });
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
