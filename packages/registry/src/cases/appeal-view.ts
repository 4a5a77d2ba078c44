import { toTimestamp, type CaseView } from '@recourse/protocol';
import { filesOf } from '../appeals/case-store.ts';
import { openFile, openText } from '../appeals/sealed-text.ts';
import { appealsOf as appealRows, type AppealRow } from '../appeals/store.ts';
import { reasonsOf, viewAppeal, viewNews, viewQuestions, viewResponse } from '../appeals/view.ts';
import type { SanctionRow } from '../sanctions/store.ts';
import { speaksAs } from './claimant.ts';
import type { ClaimantRow } from './claimant-store.ts';
import type { CaseContext } from './context.ts';
import { joinedIn, type JoinRow } from './join-store.ts';
import { caseOf } from './open-case.ts';
import { placeOf } from './sealed-columns.ts';
import type { CaseKey } from './vault.ts';

type AppealOfCase = CaseView['appeals'][number];

/** The appeals of a case, the oldest first; what was written in them is for those who joined. */
export async function appealsOf(
  ctx: CaseContext,
  record: SanctionRow,
  claimant: ClaimantRow | undefined,
): Promise<AppealOfCase[]> {
  const rows = await appealRows(ctx.db, record.id);
  if (rows.length === 0) return [];
  const { caseKey } = await caseOf(ctx, record);
  const speaker = claimant && speaksAs(claimant);
  const joins = speaker ? await joinedIn(ctx.db, { sanction: record.id, claimant: speaker }) : [];
  const appeals: AppealOfCase[] = [];
  for (const row of rows) {
    const written =
      speaker && joins.some(({ appeal }) => appeal === row.id)
        ? await writtenIn(ctx, caseKey, { row, speaker, joins })
        : nothing;
    appeals.push({ ...viewAppeal(row, ctx.now), ...withdrawalOf(row, ctx.now), ...written });
  }
  return appeals;
}

const nothing = { joined: false, withdrew: false, added: [], questions: [], files: [] };

function addedIn(join: JoinRow, caseKey: CaseKey): AppealOfCase['added'] {
  const { ground, words, at } = join;
  if (words === null) return [];
  const text = openText(caseKey, words, placeOf('appeal_joins.words', join));
  return [{ ground, words: text, at: toTimestamp(at) }];
}

const withdrawalOf = ({ withdraws_at: at, closed_at }: AppealRow, now: Date) =>
  at && at > now && !closed_at ? { withdrawnAt: toTimestamp(at) } : {};

async function writtenIn(
  { db }: CaseContext,
  caseKey: CaseKey,
  { row, speaker, joins }: { row: AppealRow; speaker: string; joins: readonly JoinRow[] },
) {
  const of = { appeal: row.id, caseKey };
  const files = (await filesOf(db, row.id)).filter(({ claimant }) => claimant === speaker);
  const reasons = await reasonsOf(db, of);
  const own = joins.filter(({ appeal }) => appeal === row.id);
  return {
    joined: true,
    withdrew: own.some(({ withdraws_at: at }) => at !== null),
    added: own.flatMap((join) => addedIn(join, caseKey)),
    ...(row.claimant === speaker
      ? {
          words: openText(caseKey, row.words, placeOf('appeals.words', row)),
          ...viewNews(row, caseKey),
        }
      : {}),
    ...viewResponse(row, caseKey),
    // Two reviewers who were blind to each other have reasons of their own each.
    ...(reasons.length > 0 ? { reasons: reasons.join('\n\n') } : {}),
    questions: await viewQuestions(db, { ...of, answers: { of: speaker } }),
    files: files.map((file) => ({ name: openFile(caseKey, file).name, bytes: file.size })),
  };
}
