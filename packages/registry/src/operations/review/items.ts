import { toTimestamp, type Id, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import {
  findChallenge,
  isOfCase,
  subjectsShown,
  type CaseItemRow,
} from '../../panel/case-store.ts';
import { countedCases, readStanding } from '../../panel/rates-store.ts';
import { seatedOn } from '../../panel/seats.rules.ts';
import {
  askedSince,
  isLapsed,
  openItems,
  votersOf,
  whoMayVote,
  type ItemRow,
} from '../../panel/store.ts';
import { viewItem } from '../../panel/view-item.ts';
import { objectedIn } from '../../parties/group-store.ts';
import { objectionsTo } from '../../parties/membership-store.ts';
import { findSanction } from '../../records/store.ts';

const objections = async ({ db }: CallContext, party: string) =>
  (await objectionsTo(db, party)).map(({ by_party, ground, at }) => ({
    by: by_party as Id<'plt'>,
    ground,
    at: toTimestamp(at),
  }));

/** Open items on which the caller has a seat, or has voted. */
export async function items(ctx: CallContext): Promise<OpOutput<'review.items'>> {
  const { db, now, caller } = ctx;
  const open = (await openItems(db)).filter((item) => !isLapsed(item, now));
  const ids = open.map(({ id }) => id);
  const holders = await whoMayVote(db, { items: ids, at: now });
  const voters = await votersOf(db, ids);
  const own: OpOutput<'review.items'>['items'] = [];
  for (const item of open) {
    const voted = voters.get(item.id) ?? new Set<string>();
    const { votes } = item;
    const openedAt = askedSince(item);
    const may = holders.get(item.id) ?? [];
    const seated = seatedOn({ item: item.id, votes, openedAt, holders: may, voted }, now);
    const hasVoted = voted.has(caller.holder);
    if (!hasVoted && !seated.includes(caller.holder)) continue;
    own.push({ ...viewItem(item), voted: hasVoted, ...(await matterOf(ctx, item)) });
  }
  return { items: own };
}

type Items = OpOutput<'review.items'>['items'];

type Matter = Pick<Items[number], 'figures' | 'cases' | 'objections' | 'record' | 'challenge'>;

/** What those who are asked need to know. */
async function matterOf(ctx: CallContext, item: ItemRow): Promise<Matter> {
  if (isOfCase(item)) return ofCase(ctx, item);
  if (item.kind === 'admission') return { objections: await objections(ctx, item.party) };
  if (item.kind === 'group') return { objections: await objectedGroup(ctx, item.id) };
  // As they were when the panel was asked.
  const standing = await readStanding(ctx.db, item.party, item.opened_at);
  const { decided, reversed, reversedIn90Days } = standing;
  const figures = { decided, reversed, reversedIn90Days };
  return item.kind === 'strikes' ? { figures, cases: await casesOf(ctx, item) } : { figures };
}

async function casesOf({ db }: CallContext, item: ItemRow): Promise<Matter['cases']> {
  const rows = await countedCases(db, { party: item.party, at: item.opened_at });
  return rows.map(({ closed_at: at, ...row }) => ({ ...row, closedAt: toTimestamp(at) }));
}

async function objectedGroup({ db }: CallContext, item: string): Promise<Matter['objections']> {
  const objected = await objectedIn(db, item);
  if (!objected) return [];
  const { by_party, group_name: group, since } = objected;
  const ground = 'group-undisclosed';
  return [{ by: by_party as Id<'plt'>, ground, group, at: toTimestamp(since) }];
}

async function ofCase(ctx: CallContext, item: CaseItemRow): Promise<Matter> {
  const { db } = ctx;
  const { sanction } = item;
  const record = await findSanction(db, sanction);
  if (!record || record.erased_at) return {};
  const subjects = (await subjectsShown(db, sanction)).map(
    ({ position, kind, control, proven_at }) => ({
      place: position,
      kind,
      control,
      provenAt: toTimestamp(proven_at),
    }),
  );
  const shown = { record: { sanction, statement: record.statement, subjects } };
  const asked = await findChallenge(db, item.id);
  if (asked) {
    const { by_party, position: place, changed_at } = asked;
    const changedAt = toTimestamp(changed_at);
    return { ...shown, challenge: { by: by_party as Id<'plt'>, place, changedAt } };
  }
  return shown;
}
