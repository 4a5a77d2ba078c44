import { toTimestamp, type CaseInput, type CaseOutput } from '@recourse/protocol';
import { lockJoined } from '../../cases/access.ts';
import { answerQuestion, insertInformation, nextPosition } from '../../cases/added-store.ts';
import type { CaseContext } from '../../cases/context.ts';
import { refusal } from '../../kernel/refusal.ts';
import { renewAssignments } from '../../review/assignment-store.ts';
import { textRoom } from '../../review/join-store.ts';
import { placeOf } from '../../vault/vault.ts';

export async function addInformation(
  ctx: CaseContext,
  { key, text, question }: CaseInput<'case.addInformation'>,
): Promise<CaseOutput<'case.addInformation'>> {
  const { db, now: at } = ctx;
  const { record, appeal, speaker } = await lockJoined(ctx, key);
  const caseKey = record.key();
  if (question === undefined) {
    const by = { appeal, claimant: speaker };
    const slot = await textRoom(db, by);
    if (slot === undefined) throw refusal('state-conflict', 'text', 'too-many');
    const position = await nextPosition(db, 'case_information', appeal);
    const sealed = caseKey.sealText(text, placeOf('case_information.text', { appeal, position }));
    await insertInformation(db, { ...by, sanction: record.id, slot, position, text: sealed, at });
  } else {
    const place = placeOf('question_answers.text', { question, claimant: speaker });
    const answer = { question, appeal, text: caseKey.sealText(text, place), at, by: speaker };
    if (!(await answerQuestion(db, answer)))
      throw refusal('state-conflict', 'question', 'not-open');
    await renewAssignments(db, { review: appeal, now: at });
  }
  return { at: toTimestamp(at) };
}
