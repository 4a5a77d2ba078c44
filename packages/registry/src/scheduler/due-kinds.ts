import { takeSteps } from '../records/apply-due-steps.ts';
import { countUntold, findUntold } from '../lookup/epochs/reminder-store.ts';
import type { DueKind } from './due-kind.ts';
import { backlogs } from './backlogs.ts';
import { contacts } from './contacts.ts';
import { inspectionDraws } from './inspection-draws.ts';
import { erasures } from './erasures.ts';
import { expiries } from './expiries.ts';
import { forgetting } from './forgetting.ts';
import { delayedDemands } from './log-demands.ts';
import { countOwed, findOwed } from './outcome-store.ts';
import { notices } from './notices.ts';
import { inspectionDeadlines, panelDeadlines } from './panel-deadlines.ts';
import { probationInspections } from './probation-inspections.ts';
import { remind } from './remind.ts';
import { remindOfOutcomes } from './remind-of-outcomes.ts';
import { remindToRetokenise } from './remind-to-retokenise.ts';
import { redecisions } from './redecisions.ts';
import { speechSuspensions } from './expression-suspensions.ts';
import { standings } from './standings.ts';
import { countDue, countOverdue, findDue, findOverdue, takeSanction } from './store.ts';

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

/** Everything that falls due, in the order in which it is looked for. */
export const dueKinds: Readonly<Record<string, DueKind>> = {
  backlogs,
  sanctions,
  recalls,
  outcomes,
  untokenised,
  delayedDemands,
  speechSuspensions,
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

/** Deadlines that somebody waits for. Looking for them is cheap: an index holds only what is still to come. */
export const timers: Readonly<Record<string, DueKind>> = Object.fromEntries(
  Object.entries(dueKinds).filter(([, kind]) => waitedFor.includes(kind)),
);
