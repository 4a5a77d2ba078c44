import { toTimestamp, type CaseOutput } from '@recourse/protocol';
import { sealText } from '../appeals/sealed-text.ts';
import { addDays } from '../bounds.ts';
import { closeCaseItem } from '../panel/case-closing.ts';
import { openCaseItem } from '../panel/case-items.ts';
import {
  decidedContests,
  findContest,
  insertContest,
  itemsOfCase,
  setWords,
  type CaseItemRow,
  type ContestRow,
} from '../panel/case-store.ts';
import { standingOf } from '../sanctions/record.ts';
import { refusal } from '../sanctions/refusal.ts';
import type { SanctionRow } from '../sanctions/store.ts';
import type { CaseContext } from './context.ts';
import type { HolderRow } from './holder-store.ts';
import { caseOf } from './open-case.ts';
import { placeOf } from './sealed-columns.ts';

/** By the same identifier nobody asks again before, with whichever key. */
const againDays = 90;

type Answer = CaseOutput<'case.contest'>;

interface OpenContest {
  readonly item: CaseItemRow;
  readonly contest: ContestRow;
}

/** The contest that reviewers decide now; one that nobody decided in time is closed first. */
export async function openContest(
  ctx: CaseContext,
  record: SanctionRow,
): Promise<OpenContest | undefined> {
  const items = await itemsOfCase(ctx.db, record.id);
  const item = items.find(({ kind, closed_at }) => kind === 'contested' && closed_at === null);
  if (!item) return undefined;
  if (item.due_at <= ctx.now) {
    await closeCaseItem(ctx, { item, record }, { by: 'deadline', at: item.due_at });
    return undefined;
  }
  const contest = await findContest(ctx.db, item.id);
  return contest && { item, contest };
}

/** Two reviewers decide whose the case is; where they do not agree that it changes hands, it does not. */
export async function askWhoseCase(
  ctx: CaseContext,
  record: SanctionRow,
  of: { holder: HolderRow; key: HolderRow; words?: string | undefined },
): Promise<Answer> {
  const { key_hash: contester } = of.key;
  const isReversed = standingOf(record, ctx.now).state === 'reversed';
  if (isReversed) throw refusal('state-conflict', 'key', 'already-reversed');
  const since = addDays(ctx.now, -againDays);
  const places = new Set(of.key.positions);
  const wasDecided = (await decidedContests(ctx.db, record.id)).some(
    (one) => one.at > since && [...one.holder, ...one.contester].some((at) => places.has(at)),
  );
  if (wasDecided) throw refusal('state-conflict', 'key', 'decided');
  const asked = await openCaseItem(ctx, record, { kind: 'contested', event: 'contested' });
  if (!asked) throw refusal('state-conflict', 'key', 'held-by-proof');
  const { item, dueAt } = asked;
  await insertContest(ctx.db, {
    item,
    sanction: record.id,
    holder_key: of.holder.key_hash,
    contester_key: contester,
    contester_words: await sealed(ctx, record, { item, side: 'contester', words: of.words }),
  });
  return answer(ctx, { item, dueAt });
}

/** Each of the two says once why the case is theirs; a third waits for what is decided. */
export async function sayWhy(
  ctx: CaseContext,
  record: SanctionRow,
  of: { open: OpenContest; key: HolderRow; words?: string | undefined },
): Promise<Answer> {
  const { item, contest } = of.open;
  const side = sideOf(contest, of.key.key_hash);
  if (!side) throw refusal('state-conflict', 'key', 'held-by-proof');
  const member = `${side}_words` as const;
  if (contest[member] !== null || of.words === undefined) {
    throw refusal('state-conflict', 'key', 'being-decided');
  }
  const words = await sealed(ctx, record, { item: item.id, side, words: of.words });
  await setWords(ctx.db, item.id, { [member]: words });
  return answer(ctx, { item: item.id, dueAt: item.due_at });
}

/** Which of the two a key is. */
export const sideOf = (
  { holder_key, contester_key }: ContestRow,
  key: string | undefined,
): 'holder' | 'contester' | undefined =>
  key === holder_key ? 'holder' : key === contester_key ? 'contester' : undefined;

const answer = (ctx: CaseContext, of: { item: CaseItemRow['id']; dueAt: Date }): Answer => ({
  contestedAt: toTimestamp(ctx.now),
  voided: [],
  item: of.item,
  dueAt: toTimestamp(of.dueAt),
});

const sealed = async (
  ctx: CaseContext,
  record: SanctionRow,
  of: { item: string; side: 'holder' | 'contester'; words: string | undefined },
): Promise<Buffer | null> => {
  if (of.words === undefined) return null;
  const { caseKey } = await caseOf(ctx, record);
  return sealText(caseKey, of.words, placeOf(`contests.${of.side}_words`, of));
};
