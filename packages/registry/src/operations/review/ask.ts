import { newId, toTimestamp, type OpInput, type OpOutput } from '@recourse/protocol';
import {
  answerDays,
  decisionDeadlines,
  nextQuestion,
  withQuestion,
  dueAt,
} from '@recourse/protocol/review';
import type { CallContext } from '../../context/context.ts';
import { invalid, refusal } from '../../kernel/refusal.ts';
import { lift } from '../../records/transition.ts';
import { renewAssignments, type AssignmentRow } from '../../review/assignment-store.ts';
import { askedBy, insertQuestion } from '../../review/case-store.ts';
import {
  assertUndecided,
  lockTaken,
  withAppeal,
  type LockedAppeal,
} from '../../review/lock-review.ts';
import { claimantsOf, drawLots } from '../../review/join-store.ts';
import { changeAppeal } from '../../review/store.ts';

import { placeOf } from '../../vault/vault.ts';

/** Asks the creator; the days they have are added to the deadline, as far as it goes. */
export async function askCreator(
  ctx: CallContext,
  { appeal: id, kind, text, claimant: to }: OpInput<'review.ask'>,
): Promise<OpOutput<'review.ask'>> {
  const { db, now, caller, services } = ctx;
  const { record, appeal, assignment } = await withAppeal(ctx, await lockTaken(ctx, id));
  await assertUndecided(ctx, id);
  const place = await placeOfNext(ctx, assignment);
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
    answered_at: null,
    claimant: kind === 'gist' ? null : await askedOf(ctx, id, to),
    ...place,
  });
  await drawLots(db, { appeal: id, at: now });
  await record.note({ event: 'asked' });
  const decisionDueAt = await addDaysFor(ctx, { record, appeal });
  record.retain();
  return {
    question,
    answerDueAt: toTimestamp(due),
    decisionDueAt: toTimestamp(decisionDueAt),
  };
}

async function placeOfNext({ db, now }: CallContext, { review, holder, at }: AssignmentRow) {
  const asked = await askedBy(db, { appeal: review, holder });
  const place = nextQuestion({ assignedAt: at, asked, now });
  if (typeof place === 'string') throw refusal('state-conflict', 'questions', place);
  return place;
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
