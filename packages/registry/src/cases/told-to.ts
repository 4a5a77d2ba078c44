import type { ToldNumber } from '@recourse/protocol';
import { countTold } from '../told/recalls/store.ts';
import { toldNumber, weekStart } from '../told/recalls/told-number.rules.ts';
import type { CaseContext } from './context.ts';
import { toldOf, type ToldRow } from './view-store.ts';

/** What a claimant may know of who was told: those that asked about what they proved, and how many others. */
export interface ToldTo {
  readonly told: readonly ToldRow[];
  readonly names: ReadonlySet<string>;
  readonly toldOthers: ToldNumber;
}

export async function toldTo(
  { db, now }: Pick<CaseContext, 'db' | 'now'>,
  of: { sanction: string; claimant: string },
): Promise<ToldTo> {
  const told = await toldOf(db, of);
  const names = new Set(told.map(({ party }) => party));
  const except = { before: weekStart(now), except: [...names] };
  const others = (await countTold(db, [of.sanction], except)).get(of.sanction) ?? 0;
  return { told, names, toldOthers: toldNumber(others) };
}
