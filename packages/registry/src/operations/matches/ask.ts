import {
  newId,
  Problem,
  tellsOfAct,
  toNumericDate,
  toTimestamp,
  withholdsReason,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import { dueAt } from '@recourse/protocol/review';
import type { CallContext } from '../../context/context.ts';
import { refusal } from '../../kernel/refusal.ts';
import { isDisputedAt } from '../../records/life.rules.ts';
import { lifeOf, reasonOf, standingOf } from '../../records/record.ts';
import { shareSanction, type SanctionRow } from '../../records/store.ts';
import { groundOf, insertInquiry, matchOf } from '../../submissions/inquiries/store.ts';
import { emit } from '../../told/events/emit.ts';

const answerDays = 5;

/**
 * Asks the submitter of a record that an own match told of one closed question, once a match, while the record is
 * within its life. It changes no advice and no state.
 */
export async function askInquiry(
  ctx: CallContext,
  { match: id, asks }: OpInput<'matches.ask'>,
): Promise<OpOutput<'matches.ask'>> {
  const { db, now, services } = ctx;
  const { party } = ctx.caller;
  // A match of another reads like one that never was.
  const match = await matchOf(db, { match: id, party });
  const record = match && (await shareSanction(db, match.sanction));
  if (!record) throw new Problem('not-found');
  if (standingOf(record, now).ended) throw refusal('state-conflict', 'match', 'ended');
  // Its answer would say what the record is about, while the creator says that it is not about them.
  if (tellsOfAct.has(asks) && (await isReasonWithheld(ctx, record))) {
    throw refusal('state-conflict', 'asks', 'reason-withheld');
  }
  const question = newId('qst', { now, random: services.random });
  const due = dueAt(now, 24 * answerDays);
  const { sanction } = match;
  const row = { id: question, match: id, sanction, party, asks, asked_at: now, due_at: due };
  if (!(await insertInquiry(db, row))) throw refusal('state-conflict', 'asks', 'asked-before');
  ctx.changes.pair('question-asked', {
    sanction,
    caseKey: ctx.services.vault.keyOf(record),
    party,
    detail: { question, match: id, asks },
  });
  await emit(ctx, {
    party: record.party,
    type: 'question',
    sanction,
    body: { version: record.version, question: { id: question, asks }, dueAt: toNumericDate(due) },
  });
  ctx.retainCallFor.add(sanction);
  return { question, dueAt: toTimestamp(due) };
}

async function isReasonWithheld({ db, now }: CallContext, record: SanctionRow): Promise<boolean> {
  if (record.appeal === null || !isDisputedAt(lifeOf(record), now)) return false;
  const appeal = await groundOf(db, record.appeal);
  return (
    appeal !== undefined &&
    appeal.evidence_confirmed_at === null &&
    !appeal.reason_told &&
    withholdsReason(appeal.ground, reasonOf(record))
  );
}
