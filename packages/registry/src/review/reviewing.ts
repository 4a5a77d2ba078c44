import { answerDays, decisionDeadlines, withQuestion } from '@recourse/protocol/review';
import {
  fromNumericDate,
  newId,
  toNumericDate,
  toTimestamp,
  type Id,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import { renewAssignments } from './assignment-store.ts';
import { addDays, dueAt } from '../kernel/bounds.ts';
import { placeOf } from '../vault/vault.ts';
import type { CallContext } from '../context/context.ts';
import { standingOf } from '../records/record.ts';
import { invalid, refusal } from '../kernel/refusal.ts';
import { lift, suspend } from '../records/transition.ts';
import { insertQuestion } from './case-store.ts';
import { claimantsOf } from './view.ts';
import { assertUndecided, lockTaken, withAppeal, type LockedAppeal } from './lock-review.ts';
import { changeAppeal, decideRelief } from './store.ts';

/** Asks the creator; the days they have are added to the deadline, as far as it goes. */
export async function ask(
  ctx: CallContext,
  { appeal: id, kind, text, claimant: to }: OpInput<'review.ask'>,
): Promise<OpOutput<'review.ask'>> {
  const { db, now, caller, services } = ctx;
  const { record, appeal } = await withAppeal(ctx, await lockTaken(ctx, id));
  await assertUndecided(ctx, record.id);
  const question = newId('qst', { now, random: services.random });
  const due = dueAt(now, 24 * answerDays);
  await insertQuestion(db, {
    id: question,
    appeal: id,
    sanction: record.id,
    holder: caller.holder,
    kind,
    text: record.key().sealText(text, placeOf('questions.text', { id: question })),
    asked_at: now,
    due_at: due,
    answer: null,
    answered_at: null,
    claimant: kind === 'gist' ? null : await askedOf(ctx, id, to),
    answered_by: null,
  });
  await record.note({ event: 'asked' });
  const decisionDueAt = await addDaysFor(ctx, { record, appeal });
  record.retain();
  return {
    question,
    answerDueAt: toTimestamp(due),
    decisionDueAt: toTimestamp(decisionDueAt),
  };
}

/** One of those who appeal, by the number that `review.get` gives them; or all of them. */
async function askedOf(
  { db }: CallContext,
  appeal: string,
  to: number | undefined,
): Promise<string | null> {
  if (to === undefined) return null;
  const [id] = [...(await claimantsOf(db, appeal))].find(([, n]) => n === to) ?? [];
  if (id === undefined) throw invalid('claimant', 'unknown');
  return id;
}

/** A later deadline for the decision; what the old one suspended answers again. */
async function addDaysFor(ctx: CallContext, { record, appeal }: LockedAppeal): Promise<Date> {
  const { db, now, services } = ctx;
  const addedDays = withQuestion(appeal.added_days);
  const of = { openedAt: appeal.opened_at, addedDays };
  const { decisionDueAt } = decisionDeadlines(of, services.deadlines);
  const changed = { added_days: addedDays, decision_due_at: decisionDueAt };
  await changeAppeal(db, appeal.id, changed);
  await renewAssignments(db, { review: appeal.id, now });
  if (decisionDueAt > now) await lift(ctx, record, { causes: ['decision-overdue'], at: now });
  return decisionDueAt;
}

/** Suspends the sanction for at most 14 d while the case is looked into, or says that it goes on meanwhile. */
export const relieve = (
  ctx: CallContext,
  { appeal, until }: OpInput<'review.relieve'>,
): Promise<OpOutput<'review.relieve'>> =>
  until === null ? refuseRelief(ctx, appeal) : grantRelief(ctx, appeal, until);

async function grantRelief(
  ctx: CallContext,
  id: Id<'apl'>,
  asked: string,
): Promise<OpOutput<'review.relieve'>> {
  const { now, services } = ctx;
  const until = fromNumericDate(toNumericDate(new Date(asked)));
  if (Number.isNaN(until.getTime()) || until <= now) throw invalid('until', 'in-the-past');
  if (until > addDays(now, services.deadlines.reliefDays)) throw invalid('until', 'too-late');
  const { record, appeal } = await lockRelievable(ctx, id);
  await decideRelief(ctx.db, appeal.id, { at: now, as: 'granted' });
  await record.note({ entry: 'relief', detail: { appeal: id, until: toTimestamp(until) } });
  const { recalls } = await suspend(ctx, record, { cause: 'relief', since: now, until });
  record.retain();
  return { appeal: id, until: toTimestamp(until), recalls };
}

/** Only where relief would be granted if nobody decided it, and only in time: then the record answers on. */
async function refuseRelief(ctx: CallContext, id: Id<'apl'>): Promise<OpOutput<'review.relieve'>> {
  const { db, now: at } = ctx;
  const { record, appeal } = await lockRelievable(ctx, id);
  if (appeal.relief_due_at === null || appeal.relief_decided_at !== null) {
    throw refusal('state-conflict', 'until', 'not-due');
  }
  await decideRelief(db, appeal.id, { at, as: 'refused' });
  const detail = { appeal: id, until: null };
  await record.note({ event: 'relief-refused', entry: 'relief', detail });
  record.retain();
  return { appeal: id, until: null, recalls: 0 };
}

async function lockRelievable(ctx: CallContext, id: Id<'apl'>): Promise<LockedAppeal> {
  const { record, appeal } = await withAppeal(ctx, await lockTaken(ctx, id));
  await assertUndecided(ctx, record.id);
  if (standingOf(record, ctx.now).ended) throw refusal('state-conflict', 'sanction', 'ended');
  if (record.open_suspensions.some(({ cause }) => cause === 'relief')) {
    throw refusal('state-conflict', 'until', 'already-relieved');
  }
  return { record, appeal };
}
