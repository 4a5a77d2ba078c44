import { takeSteps } from '../records/apply-due-steps.ts';
import { countUntold, findUntold } from '../lookup/epochs/reminder-store.ts';
import type { DueKind } from './due-kind.ts';
import { backlogs } from './backlogs.ts';
import { inspectionDraws } from './inspection-draws.ts';
import { countOwed, findOwed } from './outcome-store.ts';
import { notices } from './notices.ts';
import { inspectionDeadlines, panelDeadlines } from './panel-deadlines.ts';
import { remind, remindOfOutcomes, remindToRetokenise } from './reminders.ts';
import { standings } from './standings.ts';
import { countDue, countOverdue, findDue, findOverdue, takeSanction } from './store.ts';
import { countOver, hasContactsToSettle, settleContacts } from '../cases/contact-store.ts';
import { examineInProbation } from '../review/inspection-opening.ts';
import { countUnexamined, findUnexamined } from '../parties/probation-store.ts';
import { eraseDue } from '../retention/erasing.ts';
import { countErasable, findErasable } from '../retention/erasure-store.ts';
import { countOverAsked, forgetAsked } from '../retention/asked-store.ts';
import { countExpired, isExpiring, settleExpired } from '../retention/expiry-store.ts';
import { countDemandsToLog, findDemandsToLog, takeDemand } from '../parties/membership-store.ts';
import { demandDetail } from '../parties/demand-detail.ts';
import { drawDecision, recordOfDecision } from '../accountability/sample-decisions.ts';
import { countDrawable, findDrawable } from '../accountability/sample-store.ts';
import { emptyTable, findTableToEmpty } from '../commit/seen-store.ts';
import { lockRecord } from '../records/lock-record.ts';

/** Steps of sanctions: visibility, lapses, ends, suspensions. */
const sanctions: DueKind = {
  find: findDue,
  count: countDue,
  settle: async (ctx, { id }) => {
    const record = await takeSanction(ctx.db, id);
    // Somebody has it, or took its steps meanwhile.
    return record && (await takeSteps(ctx, record)).steps > 0 ? 1 : 0;
  },
};

/** Recalls past their deadline, by sanction. */
const recalls: DueKind = {
  find: findOverdue,
  count: countOverdue,
  settle: (ctx, { id, limit }) => remind(ctx, { sanction: id, limit }),
};

/** Outcomes owed and not reported, by platform. */
const outcomes: DueKind = {
  find: findOwed,
  count: countOwed,
  settle: (ctx, { id, limit }) => remindOfOutcomes(ctx, { party: id, limit }),
};

/** Live records without tokens of the newer epoch, by platform. */
const untokenised: DueKind = {
  find: findUntold,
  count: countUntold,
  settle: (ctx, { id }) => remindToRetokenise(ctx, id),
};

const left = 'left';

/** Addresses that were left with a case: some are not needed any more. */
const contacts: DueKind = {
  find: async (db, { now, except }) =>
    !except.includes(left) && (await hasContactsToSettle(db, now)) ? [left] : [],
  count: countOver,
  settle: ({ db, now }, { limit }) => settleContacts(db, { now, limit }),
};

/** The first records of each probation, from when they answer on. */
const probationInspections: DueKind = {
  find: findUnexamined,
  count: countUnexamined,
  settle: async (ctx, { id }) => ((await examineInProbation(ctx, id)) ? 1 : 0),
};

/** Records whose texts, or whose whole cases, are to be erased. */
const erasures: DueKind = {
  find: findErasable,
  count: (db, now, deadlines) => countErasable(db, { now, deadlines }),
  settle: async (ctx, { id }) => {
    const record = await takeSanction(ctx.db, id);
    return record ? eraseDue(ctx, record) : 0;
  },
};

const asked = 'asked';

/** Forgets what was asked under checks, once they may ask no more. */
const forgetting: DueKind = {
  find: async (db, { now, except }) =>
    !except.includes(asked) && (await countOverAsked(db, { now, most: 1 })) > 0 ? [asked] : [],
  count: (db, now) => countOverAsked(db, { now }),
  settle: ({ db, now }, { limit }) => forgetAsked(db, { now, limit }),
};

/** Rows that are kept for a time of their own, table by table: it is over. */
const expiries: DueKind = {
  find: async (db, { now, except }) => {
    const due = (await countExpired(db, { now, most: 1 })).map(({ table }) => table);
    return due.filter((table) => !except.includes(table));
  },
  count: async (db, now) => (await countExpired(db, { now })).reduce((sum, { n }) => sum + n, 0),
  settle: ({ db, now }, { id, limit }) =>
    isExpiring(id) ? settleExpired(db, { table: id, now, limit }) : Promise.resolve(0),
};

/** Calls that were seen so long ago that no copy of them is admitted: their table is emptied before it is used again. */
const seenCalls: DueKind = {
  find: async (db, { now, except }) => {
    const table = await findTableToEmpty(db, now);
    return table && !except.includes(table) ? [table] : [];
  },
  count: async (db, now) => ((await findTableToEmpty(db, now)) ? 1 : 0),
  settle: async ({ db, now }, { id }) => {
    if ((await findTableToEmpty(db, now)) !== id) return 0;
    await emptyTable(db, id, now);
    return 1;
  },
};

/** Reports of authority demands whose delay is over: they are read already, and go into the ledger. */
const delayedDemands: DueKind = {
  find: findDemandsToLog,
  count: countDemandsToLog,
  settle: async ({ db, now, changes }, { id }) => {
    const demand = await takeDemand(db, { id, now });
    if (!demand) return 0;
    changes.public('authority-demand', demandDetail(demand));
    return 1;
  },
};

/** Decisions, by appeal, whose entry readers of the ledger were shown: one in twenty is made again. */
const redecisions: DueKind = {
  find: (db, { limit, except }) => findDrawable(db, { limit, except }),
  count: countDrawable,
  settle: async (ctx, { id: appeal }) => {
    const sanction = await recordOfDecision(ctx, appeal);
    const record = sanction && (await lockRecord(ctx, sanction));
    return record && (await drawDecision(ctx, { record, appeal })) ? 1 : 0;
  },
};

/** Everything that falls due, in the order in which it is looked for. */
export const dueKinds: Readonly<Record<string, DueKind>> = {
  backlogs,
  sanctions,
  recalls,
  outcomes,
  untokenised,
  delayedDemands,
  standings,
  panelDeadlines,
  inspectionDeadlines,
  inspectionDraws,
  contacts,
  notices,
  probationInspections,
  redecisions,
  erasures,
  expiries,
  forgetting,
  seenCalls,
};

const waitedFor: readonly DueKind[] = [
  sanctions,
  recalls,
  outcomes,
  delayedDemands,
  panelDeadlines,
  inspectionDeadlines,
  contacts,
  notices,
];

/** What is weighed over many rows, and changes by the day. */
const weighed: readonly DueKind[] = [untokenised, standings, inspectionDraws];

/** Milliseconds between two looks at a kind: somebody waits for a timer, and for everything else nobody does. */
export const paces = { timer: 5_000, other: 30_000, weighed: 300_000 } as const;

/** @param name one of {@link dueKinds} */
export function paceOf(name: string): number {
  const kind = dueKinds[name]!;
  if (waitedFor.includes(kind)) return paces.timer;
  return weighed.includes(kind) ? paces.weighed : paces.other;
}

/** Deadlines that somebody waits for. Looking for them is cheap: an index holds only what is still to come. */
export const timers: Readonly<Record<string, DueKind>> = Object.fromEntries(
  Object.entries(dueKinds).filter(([, kind]) => waitedFor.includes(kind)),
);
