import { toTimestamp, type Id, type OpOutput } from '@recourse/protocol';
import { readStanding } from './rates-store.ts';
import type { CallContext } from '../context/context.ts';
import { objectedIn } from '../parties/group-store.ts';
import { objectionsTo } from '../parties/membership-store.ts';
import { findSanction } from '../records/store.ts';
import { findChallenge, isOfCase, subjectsShown, type CaseItemRow } from './case-store.ts';
import type { ItemRow } from './store.ts';

type Items = OpOutput<'review.items'>['items'];
export type Matter = Pick<Items[number], 'figures' | 'objections' | 'record' | 'challenge'>;

/** What those who are asked need to know. */
export async function matterOf(ctx: CallContext, item: ItemRow): Promise<Matter> {
  if (isOfCase(item)) return ofCase(ctx, item);
  if (item.kind === 'admission') return { objections: await objections(ctx, item.party) };
  if (item.kind === 'group') return { objections: await objectedGroup(ctx, item.id) };
  // As they were when the panel was asked.
  const standing = await readStanding(ctx.db, item.party, item.opened_at);
  const { decided, reversed, reversedIn90Days } = standing;
  return { figures: { decided, reversed, reversedIn90Days } };
}

const objections = async ({ db }: CallContext, party: string) =>
  (await objectionsTo(db, party)).map(({ by_party, ground, at }) => ({
    by: by_party as Id<'plt'>,
    ground,
    at: toTimestamp(at),
  }));

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
