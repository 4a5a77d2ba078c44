import { toTimestamp, type CaseView } from '@recourse/protocol';
import { openText } from '../appeals/sealed-text.ts';
import { findChallenge, findContest, itemsOfCase, type CaseItemRow } from '../panel/case-store.ts';
import { isLapsed, votesOn } from '../panel/store.ts';
import { subjectsOf, type SanctionRow } from '../sanctions/store.ts';
import type { CaseContext } from './context.ts';
import { sideOf } from './contest-by-panel.ts';
import type { HolderRow } from './holder-store.ts';
import { caseOf } from './open-case.ts';
import { findParty } from './party-store.ts';
import { placeOf } from './sealed-columns.ts';
import type { CaseKey } from './vault.ts';

type Shown = NonNullable<CaseView['panel']>;

/** What reviewers were asked about a case: for its holder, and for whoever says that it is theirs. */
export async function panelOf(
  ctx: CaseContext,
  record: SanctionRow,
  key: HolderRow | undefined,
): Promise<Pick<CaseView, 'panel'>> {
  const items = key ? await itemsOfCase(ctx.db, record.id) : [];
  if (!key || items.length === 0) return {};
  const { caseKey } = await caseOf(ctx, record);
  const panel: Shown = [];
  for (const item of items) {
    const more =
      item.kind === 'contested'
        ? await contestIn(ctx, item, { key, caseKey })
        : await challengeIn(ctx, item, key);
    if (more) panel.push({ ...(await shown(ctx, item, caseKey)), ...more });
  }
  return panel.length === 0 ? {} : { panel };
}

async function shown({ db, now }: CaseContext, item: CaseItemRow, caseKey: CaseKey) {
  const { id, kind, opened_at: openedAt, due_at: dueAt, outcome } = item;
  const closedAt = item.closed_at ?? (isLapsed(item, now) ? dueAt : null);
  // Blind until the last is in.
  const votes = item.closed_at === null ? [] : await votesOn(db, id);
  return {
    item: id,
    kind,
    openedAt: toTimestamp(openedAt),
    dueAt: toTimestamp(dueAt),
    ...(closedAt === null ? {} : { closedAt: toTimestamp(closedAt) }),
    ...(outcome === null ? {} : { outcome }),
    reasons: votes.flatMap((row) =>
      row.reasons ? [openText(caseKey, row.reasons, placeOf('panel_votes.reasons', row))] : [],
    ),
  };
}

async function contestIn(
  { db }: CaseContext,
  item: CaseItemRow,
  { key, caseKey }: { key: HolderRow; caseKey: CaseKey },
): Promise<Partial<Shown[number]> | undefined> {
  const contest = await findContest(db, item.id);
  const side = contest && sideOf(contest, key.key_hash);
  if (!side) return key.holds ? {} : undefined;
  const words = contest[`${side}_words`];
  const place = placeOf(`contests.${side}_words`, contest);
  return { side, ...(words === null ? {} : { words: openText(caseKey, words, place) }) };
}

/** Of no concern to somebody who found the case by one identifier, which may not be theirs. */
async function challengeIn(
  { db }: CaseContext,
  item: CaseItemRow,
  key: HolderRow,
): Promise<Partial<Shown[number]> | undefined> {
  const challenge = key.holds ? await findChallenge(db, item.id) : undefined;
  if (!challenge) return undefined;
  const { name } = await findParty(db, challenge.by_party);
  const subjects = await subjectsOf(db, item.sanction);
  const subject = subjects.find(({ position }) => position === challenge.position)?.kind;
  const changedAt = toTimestamp(challenge.changed_at);
  return { by: name, changedAt, ...(subject === undefined ? {} : { subject }) };
}
