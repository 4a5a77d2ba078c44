import {
  answersQuestion,
  saysWithdraw,
  toTimestamp,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { found, invalid, refusal } from '../../kernel/refusal.ts';
import { standingOf } from '../../records/record.ts';
import { shareSanction } from '../../records/store.ts';
import { lockInquiry, sanctionOfInquiry, setAnswer } from '../../submissions/inquiries/store.ts';
import { emit } from '../../told/events/emit.ts';

/**
 * Answers an inquiry about an own record, once and for good, late or in time. An answer that says that the record no
 * longer stands changes nothing by itself: it tells the submitter to withdraw.
 */
export async function answerInquiry(
  ctx: CallContext,
  { question: id, answer: said }: OpInput<'matches.answer'>,
): Promise<OpOutput<'matches.answer'>> {
  const { db, now } = ctx;
  const about = await sanctionOfInquiry(db, id);
  const record = found(
    about && (await shareSanction(db, about.sanction)),
    ({ party }) => party === ctx.caller.party,
  );
  const question = await lockInquiry(db, id);
  if (question.answered_at) throw refusal('state-conflict', 'question', 'answered');
  if (standingOf(record, now).ended) throw refusal('state-conflict', 'question', 'ended');
  const { asks, party } = question;
  if (!answersQuestion(asks, said)) throw invalid('answer', 'to-another-question');
  await setAnswer(db, { id, sanction: record.id, answer: said, at: now });
  ctx.changes.pair('question-answered', {
    sanction: record.id,
    caseKey: ctx.services.vault.keyOf(record),
    party,
    detail: { question: id, answer: said },
  });
  const body = { version: record.version, question: { id, asks, answer: said } };
  await emit(ctx, { party, type: 'question', sanction: record.id, body });
  ctx.retainCallFor.add(record.id);
  return { answeredAt: toTimestamp(now), sanction: record.id, withdraw: saysWithdraw(said) };
}
