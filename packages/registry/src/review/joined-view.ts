import { toTimestamp, type AppealRecord, type OpOutput } from '@recourse/protocol';
import { joinsOf, type JoinRow } from './join-store.ts';
import { waysOf } from './claimant-store.ts';
import { type CaseKey, placeOf } from '../vault/vault.ts';
import type { Db } from '../kernel/database.ts';

type ReviewedAppeal = Extract<OpOutput<'review.get'>, AppealRecord>;

/** Who appeals together, by number, in the order in which they came; the ids of claimants are told to nobody. */
const numberClaimants = (joins: readonly JoinRow[]): ReadonlyMap<string, number> =>
  new Map([...new Set(joins.map(({ claimant }) => claimant))].map((id, i) => [id, i + 1]));

export async function claimantsOf(db: Db, appeal: string): Promise<ReadonlyMap<string, number>> {
  return numberClaimants(await joinsOf(db, appeal));
}

/** Every ground of an appeal, with its words for whoever may read them. */
export async function viewJoined(
  db: Db,
  of: { appeal: string; caseKey: CaseKey | undefined },
): Promise<ReviewedAppeal['joined']> {
  const joins = await joinsOf(db, of.appeal);
  const numbers = numberClaimants(joins);
  return joins.map((join) => ({
    claimant: numbers.get(join.claimant)!,
    ground: join.ground,
    ...(of.caseKey && join.words?.length
      ? { words: of.caseKey.openText(join.words, placeOf('appeal_joins.words', join)) }
      : {}),
    at: toTimestamp(join.at),
  }));
}

/** How each of them came, for the reviewer. */
export async function viewClaimants(
  db: Db,
  numbers: ReadonlyMap<string, number>,
): Promise<ReviewedAppeal['claimants']> {
  return Promise.all(
    [...numbers].map(async ([id, claimant]) => ({
      claimant,
      ways: (await waysOf(db, id)).map(({ way, position, proven_at }) => ({
        way,
        ...(position === null ? {} : { place: position }),
        provenAt: toTimestamp(proven_at),
      })),
    })),
  );
}
