import { toTimestamp, type CaseView } from '@recourse/protocol';
import { speaksAs } from '../../cases/access.ts';
import type { CaseContext } from '../../cases/context.ts';
import type { Db } from '../../kernel/database.ts';
import type { SanctionRow } from '../../records/store.ts';
import { filesOf, openFile } from '../../review/case-store.ts';
import type { ClaimantRow } from '../../review/claimant-store.ts';
import { publishedDecisions } from '../../review/decision-store.ts';
import { joinsOf, type JoinRow } from '../../review/join-store.ts';
import { appealsOf as appealRows, type AppealRow } from '../../review/store.ts';
import { viewAppeal, viewNews, viewOwnQuestions, viewResponse } from '../../review/view.ts';
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
    const joins = await joinsOf(ctx.db, row.id);
    const own = joins.filter((join) => join.claimant === speaker);
    const written =
      speaker && own.length > 0 ? await writtenIn(ctx, caseKey, { row, speaker, own }) : nothing;
    const withdrawn = { ...withdrawalOf(row, ctx.now), withdrawals: withdrawalsOf(joins, speaker) };
    appeals.push({ ...viewAppeal(row, ctx.now), ...withdrawn, ...written });
  }
  return appeals;
}

const nothing = { joined: false, withdrew: false, added: [], questions: [], files: [] };

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
  const files = (await filesOf(db, row.id)).filter(({ claimant }) => claimant === speaker);
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
  };
}

/** The reasons of the decisions that closed an appeal, for creator and submitter. */
const reasonsOf = async (
  db: Db,
  { appeal, caseKey }: { appeal: string; caseKey: CaseKey },
): Promise<string[]> =>
  (await publishedDecisions(db, appeal)).map((row) =>
    caseKey.openText(row.reasons, placeOf('decisions.reasons', row)),
  );
