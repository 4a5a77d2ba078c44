import { mostInformation, toTimestamp, type CaseInput, type CaseOutput } from '@recourse/protocol';
import { lockJoined } from '../../cases/access.ts';
import { answerQuestion, countOf, insertInformation } from '../../cases/added-store.ts';
import type { CaseContext } from '../../cases/context.ts';
import { refusal } from '../../kernel/refusal.ts';
import { renewAssignments } from '../../review/assignment-store.ts';
import { roomFor } from '../../review/join-store.ts';
import { placeOf } from '../../vault/vault.ts';

export async function addInformation(
  ctx: CaseContext,
  { key, text, question }: CaseInput<'case.addInformation'>,
): Promise<CaseOutput<'case.addInformation'>> {
  const { db, now: at } = ctx;
  const { record, appeal, speaker } = await lockJoined(ctx, key);
  const caseKey = record.key();
  if (question === undefined) {
    const of = { table: 'case_information', in: appeal, claimant: speaker, now: at } as const;
    const room = await roomFor(db, { ...of, most: mostInformation });
    if (!room) throw refusal('state-conflict', 'text', 'too-many');
    const position = await countOf(db, 'case_information', appeal);
    const sealed = caseKey.sealText(text, placeOf('case_information.text', { appeal, position }));
    const by = { appeal, sanction: record.id, claimant: speaker, ...room };
    await insertInformation(db, { ...by, position, text: sealed, at });
  } else {
    const place = placeOf('question_answers.text', { question, claimant: speaker });
    const answer = { question, appeal, text: caseKey.sealText(text, place), at, by: speaker };
    if (!(await answerQuestion(db, answer)))
      throw refusal('state-conflict', 'question', 'not-open');
    await renewAssignments(db, { review: appeal, now: at });
  }
  return { at: toTimestamp(at) };
}
