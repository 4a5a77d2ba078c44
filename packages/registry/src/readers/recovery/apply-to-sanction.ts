import {
  entryLeafHash,
  fromNumericDate,
  toNumericDate,
  type HistoryEvent,
  type SanctionEntryType,
} from '@recourse/protocol';
import { isBehind, addDays } from '@recourse/protocol/review';
import { priorMatchDays } from '../../schema/figures.ts';
import { closeAppealRow } from '../../records/appeal-store.ts';
import { reviewDueAt } from '../../records/derived.rules.ts';
import {
  copiedRecords,
  insertDerived,
  insertReview,
  priorMatches,
  setConfirmed,
} from '../../submissions/derived/store.ts';
import { eraseAsLogged } from '../../retention/erasure-store.ts';
import { wasOrdered } from '../../parties/membership-store.ts';
import { remember } from '../../submissions/remembering.ts';
import { insertErasureRequest } from '../../cases/erasure-store.ts';
import { readBacklog } from '../../submissions/backlog-store.ts';
import type { EndKind } from '../../records/life.rules.ts';
import { noteStated } from '../../cases/notices/noting.ts';
import { readStatement } from '../../parties/opening.ts';
import { writeNextOf } from '../../records/next-instant.ts';
import { lifeOf } from '../../records/record.ts';
import { rememberAs } from '../../submissions/reversals.ts';
import { noticeDue } from '../../submissions/recording.ts';
import {
  appendEvent,
  insertEnd,
  insertSuspension,
  liftSuspensions,
  lockSanction,
  subjectsOf,
  type SanctionRow,
} from '../../records/store.ts';
import { instantOf, type ApplyContext } from './applying.ts';
import { restored, transitionAsLogged, type RecordEntry, type SanctionEntry } from './as-logged.ts';
import { closeInspection, openInspection } from './apply-inspection.ts';
import { deliverNotice, eraseSubject, rejectEvidence } from './apply-digest.ts';
import { applyOrder } from './apply-order.ts';
import type { LoggedChange } from './tail.ts';
import { setSubmitted } from '../../submissions/submission-store.ts';

/**
 * Does to a sanction what its entry says was done to it. The detail of an entry is a hash whose salt is lost: where the
 * log does not say what a change was, the record answers no check until somebody has looked.
 */
export async function applyToSanction(
  applying: ApplyContext,
  change: SanctionChange,
): Promise<void> {
  const { cases, counts, db } = applying;
  const { entry } = change;
  const sanction = cases.refs.get(entry.ref);
  if (sanction === undefined) {
    if (entry.type === 'sanction-submitted') counts.submissionsLost++;
    counts.recallsLost += change.recalls.length;
    return;
  }
  const record = await lockSanction(db, sanction);
  if (!record) return;
  const told = change.recalls.flatMap((pair) => cases.pairs.get(pair)?.party ?? []);
  const cause = await causeOf(applying, { ...change, record });
  await acts[entry.type]?.({ ...applying, record, entry, told, cause, at: instantOf(entry) });
  await writeNextOf(db, [sanction]);
}

type SanctionChange = Omit<LoggedChange, 'index'> & { readonly entry: SanctionEntry };

/** The order is logged before all that it does to the record, in one act. */
async function causeOf(
  applying: ApplyContext,
  { entry, order, record }: SanctionChange & { record: SanctionRow },
): Promise<RecordEntry['cause']> {
  const of = { sanction: record.id, at: instantOf(entry) };
  if (order) await applyOrder(applying, { order, sanction: record.id });
  return (await wasOrdered(applying.db, of)) ? 'order' : restored;
}

const acts: Partial<Record<SanctionEntryType, (logged: RecordEntry) => Promise<void>>> = {
  'sanction-submitted': confirm,
  'notice-delivered': deliverNotice,
  'notice-stated': stateNotice,
  'evidence-rejected': rejectEvidence,
  'inspection-opened': openInspection,
  'inspection-closed': closeInspection,
  'sanction-visible': show,
  'sanction-suspended': suspend,
  'sanction-reinstated': reinstate,
  'sanction-amended': (logged) =>
    transitionAsLogged(logged, { event: 'amended', recall: 'correct', tell: 'sanction-amended' }),
  'appeal-decided': decide,
  finding: find,
  'sanction-ended': end,
  'echo-review': reviewDerived,
  'echo-confirmed': confirmDerived,
  'erasure-requested': askErasure,
  'subject-erased': eraseSubject,
  'texts-erased': eraseTexts,
  erased: erase,
};

/** A draft whose second holder confirmed it. */
async function confirm(logged: RecordEntry): Promise<void> {
  const { db, record, at: submittedAt } = logged;
  if (record.submitted_at) return;
  const statement = readStatement(record.statement);
  const noticeDueAt = noticeDue(submittedAt, logged.services.deadlines);
  const lookups = (await subjectsOf(db, record.id)).map(({ lookup }) => lookup);
  const since = addDays(record.drafted_at ?? submittedAt, -priorMatchDays);
  const of = { party: record.party, now: submittedAt };
  const commitments = statement.evidence.map(({ commitment }) => commitment);
  const copied = await copiedRecords(db, { ...of, commitments });
  const told = await priorMatches(db, { ...of, lookups, since });
  const sources = [...new Set([...copied, ...told])];
  const priorMatch = sources.length > 0;
  // By what waits here: assignments of since are lost, and come again.
  const { backlog } = await readBacklog(db, { party: record.party, now: submittedAt });
  const submitted = {
    submittedAt,
    noticeDueAt,
    priorMatch,
    backlogged: isBehind(backlog),
    relayed: record.relayed,
  };
  await setSubmitted(db, { sanction: record.id, ...submitted });
  await insertDerived(db, { derived: record.id, sources });
  await note(logged, 'submitted');
}

async function stateNotice(logged: RecordEntry): Promise<void> {
  const { record, at } = logged;
  if (record.stated_at || !record.submitted_at) return;
  await noteStated(logged, record, at);
  await note(logged, 'notice-stated');
}

async function show(logged: RecordEntry): Promise<void> {
  if (!logged.record.visible_recorded) await note(logged, 'visible');
}

async function suspend(logged: RecordEntry): Promise<void> {
  await hold(logged);
  await transitionAsLogged(logged, {
    event: 'suspended',
    recall: 'pause',
    tell: 'sanction-suspended',
  });
}

/** Whatever it was suspended for is over. */
async function reinstate(logged: RecordEntry): Promise<void> {
  await liftSuspensions(logged.db, { sanction: logged.record.id, at: logged.at });
  await transitionAsLogged(logged, {
    event: 'reinstated',
    recall: 'correct',
    tell: 'sanction-reinstated',
  });
}

/** How is not known: the creator may appeal again. */
async function decide(logged: RecordEntry): Promise<void> {
  await closeOpenAppeal(logged, 'restored');
  await transitionAsLogged(logged, { event: 'appeal-decided' });
}

async function find(logged: RecordEntry): Promise<void> {
  await closeOpenAppeal(logged, 'restored');
  await transitionAsLogged(logged, {
    event: 'finding',
    recall: 'undo',
    tell: 'sanction-reversed',
  });
}

async function end(logged: RecordEntry): Promise<void> {
  const { record, entry, counts } = logged;
  if (record.end_kind !== null || record.end_recorded) return;
  counts.ended++;
  await (entry.cause === 'expired' ? expire(logged) : endEarly(logged));
}

/** Before its time only by an amendment that is lost: then it is held back until its time comes. */
async function expire(logged: RecordEntry): Promise<void> {
  const { db, record, at } = logged;
  if (lifeOf(record).expiresAt > at) return hold(logged);
  await appendEvent(db, {
    sanction: record.id,
    version: record.version,
    event: 'ended',
    cause: 'expired',
    at,
  });
  await liftSuspensions(db, { sanction: record.id, at });
}

/** Under an appeal an early end is a reversal, unless nobody decided it in time; without one, it was the submitter's. */
async function endEarly(logged: RecordEntry): Promise<void> {
  const { db, record, entry, at, cause, tail } = logged;
  const wasAppealed = record.appeal !== null || tail.unresolved.has(entry.ref);
  const kind = endKindOf(logged, wasAppealed);
  const judge = wasAppealed ? 'panel' : record.party;
  const by = cause === 'order' ? 'operator' : judge;
  const why = kind === 'undecided' ? 'undecided' : cause;
  const end = { sanction: record.id, kind, cause: why, at, by_party: by } as const;
  await insertEnd(db, { ...end, artefact: null });
  if (kind === 'reversed' && cause !== 'order') {
    await rememberAs(logged, { record, outcome: 'reversed', cause: 'error', at });
  }
  await liftSuspensions(db, { sanction: record.id, at });
  await closeOpenAppeal(logged, kind === 'undecided' ? 'undecided' : 'conceded');
  await transitionAsLogged(logged, { event: 'ended', recall: 'undo', tell: `sanction-${kind}` });
}

function endKindOf({ record, at, cause }: RecordEntry, wasAppealed: boolean): EndKind {
  const { undecided_at: undecidedAt, bound } = record;
  if (cause !== 'order' && undecidedAt && !bound && at >= wholeSecond(undecidedAt)) {
    return 'undecided';
  }
  return wasAppealed || cause === 'order' ? 'reversed' : 'withdrawn';
}

/** Rounds an instant as the log does. */
const wholeSecond = (at: Date): Date => fromNumericDate(toNumericDate(at));

/** With the clock that it had, where the derived record is known as one. */
async function reviewDerived(logged: RecordEntry): Promise<void> {
  const { db, record, at } = logged;
  if (!record.prior_match) return;
  const review = { derived: record.id, startedAt: at, dueAt: reviewDueAt(at) };
  const isNew = await insertReview(db, review);
  if (isNew) await note(logged, 'echo-review');
}

/** Confirms a derived record. The log says that it was signed; what was signed is lost. */
async function confirmDerived(logged: RecordEntry): Promise<void> {
  const { db, record, at } = logged;
  if (!record.derived_due_at) return;
  await setConfirmed(db, { derived: record.id, at, confirmation: null });
  await note(logged, 'echo-confirmed');
}

/** Asks for erasure. The log does not say who asked: they ask again. */
async function askErasure({ db, record, at }: RecordEntry): Promise<void> {
  await insertErasureRequest(db, { sanction: record.id, claimant: null, at, act: null });
}

async function eraseTexts({ db, record, at, services: { vault } }: RecordEntry): Promise<void> {
  await remember({ db, now: at, vault }, record);
  await eraseAsLogged(db, { sanction: record.id, at });
}

async function erase({
  db,
  record,
  entry,
  at,
  counts,
  services: { vault },
}: RecordEntry): Promise<void> {
  await remember({ db, now: at, vault }, record);
  await eraseAsLogged(db, { sanction: record.id, at, leaf: entryLeafHash(entry) });
  counts.erased++;
}

async function hold({ db, record, at, cause }: RecordEntry): Promise<void> {
  if (record.open_suspensions.some((open) => open.cause === cause)) return;
  await insertSuspension(db, { sanction: record.id, cause, since: at, until: null });
}

export const isHeldBack = (record: SanctionRow): boolean =>
  record.open_suspensions.some(({ cause }) => cause === restored);

async function closeOpenAppeal(
  { db, record, at }: RecordEntry,
  as: 'restored' | 'conceded' | 'undecided',
): Promise<void> {
  if (record.appeal !== null) {
    const { appeal, undecided_at: late } = record;
    const when = as === 'undecided' && late && late > at ? late : at;
    const cause = as === 'undecided' ? 'undecided' : restored;
    await closeAppealRow(db, appeal, { as, at: when, cause });
  }
}

const note = ({ db, record, at }: RecordEntry, event: HistoryEvent): Promise<void> =>
  appendEvent(db, { sanction: record.id, version: record.version, event, at });
