import { toTimestamp, type CaseView } from '@recourse/protocol';
import { speaksAs } from '../../cases/access.ts';
import type { CaseContext } from '../../cases/context.ts';
import type { Db } from '../../kernel/database.ts';
import type { SanctionRow } from '../../records/store.ts';
import { answersIn, filesOf, openFile, questionsOf } from '../../review/case-store.ts';
import type { ClaimantRow } from '../../review/claimant-store.ts';
import { publishedDecisions } from '../../review/decision-store.ts';
import {
  fileRoom,
  joinsOf,
  waysIn,
  waysOfClaimant,
  withdrawalsIn,
  type JoinRow,
} from '../../review/join-store.ts';
import { appealsOf as appealRows, type AppealRow } from '../../review/store.ts';
import {
  answerText,
  viewAppeal,
  viewNews,
  viewQuestion,
  viewResponse,
  type QuestionReader,
} from '../../review/view.ts';
import { placeOf, type CaseKey } from '../../vault/vault.ts';

type AppealOfCase = CaseView['appeals'][number];

/** The appeals of a case, the oldest first; what was written in them is for those who joined. */
export async function appealsOf(
  ctx: CaseContext,
  record: SanctionRow,
  claimant: ClaimantRow | undefined,
): Promise<AppealOfCase[]> {
  const rows = await appealRows(ctx.db, record.id);
  if (rows.length === 0) return [];
  const caseKey = ctx.services.vault.keyOf(record);
  const speaker = claimant && speaksAs(claimant);
  const appeals: AppealOfCase[] = [];
  for (const row of rows) {
    const own = speaker ? await joinsOf(ctx.db, { appeal: row.id, claimants: [speaker] }) : [];
    const leaving = await withdrawalsIn(ctx.db, row.id);
    const written =
      speaker && own.length > 0 ? await writtenIn(ctx, caseKey, { row, speaker, own }) : nothing;
    const withdrawn = {
      ...withdrawalOf(row, ctx.now),
      withdrawals: withdrawalsOf([...leaving, ...own], speaker),
    };
    appeals.push({ ...viewAppeal(row, ctx.now), ...withdrawn, ...written });
  }
  return appeals;
}

const nothing = {
  joined: false,
  withdrew: false,
  added: [],
  questions: [],
  files: [],
  filesLeft: 0,
};

function addedIn(join: JoinRow, caseKey: CaseKey): AppealOfCase['added'] {
  const { ground, words, at } = join;
  if (words === null) return [];
  const text = caseKey.openText(words, placeOf('appeal_joins.words', join));
  return [{ ground, words: text, at: toTimestamp(at) }];
}

const withdrawalOf = ({ withdraws_at: at, closed_at }: AppealRow, now: Date) =>
  at && at > now && !closed_at ? { withdrawnAt: toTimestamp(at) } : {};

/** One a claimant, whatever they joined it with. */
function withdrawalsOf(
  joins: readonly JoinRow[],
  speaker: string | undefined,
): AppealOfCase['withdrawals'] {
  const byClaimant = new Map(joins.map((join) => [join.claimant, join]));
  return [...byClaimant.values()].flatMap(({ claimant, withdraws_at: at, withdrawal }) =>
    at ? [{ own: claimant === speaker, signed: withdrawal !== null, at: toTimestamp(at) }] : [],
  );
}

async function writtenIn(
  { db }: CaseContext,
  caseKey: CaseKey,
  { row, speaker, own }: { row: AppealRow; speaker: string; own: readonly JoinRow[] },
) {
  const of = { appeal: row.id, caseKey };
  const files = await filesOf(db, { appeal: row.id, claimants: [speaker] });
  const { used, most } = await fileRoom(db, { appeal: row.id, claimant: speaker });
  const reasons = await reasonsOf(db, of);
  return {
    joined: true,
    withdrew: own.some(({ withdraws_at: at }) => at !== null),
    added: own.flatMap((join) => addedIn(join, caseKey)),
    ...(row.claimant === speaker
      ? {
          words: caseKey.openText(row.words, placeOf('appeals.words', row)),
          ...viewNews(row, caseKey),
        }
      : {}),
    ...viewResponse(row, caseKey),
    // Two reviewers who were blind to each other have reasons of their own each.
    ...(reasons.length > 0 ? { reasons: reasons.join('\n\n') } : {}),
    questions: await viewOwnQuestions(db, { ...of, speaker }),
    files: files.map((file) => ({ name: openFile(caseKey, file).name, bytes: file.size })),
    filesLeft: Math.max(0, most - used),
    ...(await bindsNothing(db, { row, speaker })),
  };
}

/** Reads what one claimant was asked, and answered: nothing of others. */
async function viewOwnQuestions(
  db: Db,
  reader: QuestionReader & { speaker: string },
): Promise<AppealOfCase['questions']> {
  const { speaker } = reader;
  const own = await answersIn(db, { appeal: reader.appeal, claimants: [speaker] });
  return (await questionsOf(db, reader.appeal))
    .filter(({ claimant }) => claimant === null || claimant === speaker)
    .map((row) => {
      const answer = own.find(({ question }) => question === row.id);
      return {
        ...viewQuestion(row, reader),
        ...(answer ? { answer: answerText(answer, reader) } : {}),
      };
    });
}

/** Decided without having read them, or having told them the gist: they may appeal at once. */
async function bindsNothing(
  db: Db,
  { row, speaker }: { row: AppealRow; speaker: string },
): Promise<{ unheard?: true }> {
  const { closed_as: as, closed_at: at, sanction } = row;
  if (as !== 'decided' || !at) return {};
  const ways = await waysOfClaimant(db, { claimant: speaker, now: at });
  const bound = (await waysIn(db, { sanction, ways })).get(row.id)?.ways ?? [];
  return bound.length === 0 ? { unheard: true } : {};
}

/** The reasons of the decisions that closed an appeal, for creator and submitter. */
const reasonsOf = async (
  db: Db,
  { appeal, caseKey }: { appeal: string; caseKey: CaseKey },
): Promise<string[]> =>
  (await publishedDecisions(db, appeal)).map((row) =>
    caseKey.openText(row.reasons, placeOf('decisions.reasons', row)),
  );
