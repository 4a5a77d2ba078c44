import { isId, type Id, type MatchAdvice, type Outcome, type Purpose } from '@recourse/protocol';

/** A match whose final outcome is owed. */
export interface OwedMatch {
  readonly id: Id<'mat'>;
  readonly sanction: Id<'snc'>;
  readonly check: Id<'chk'>;
  readonly purpose: Purpose;
  readonly advice: MatchAdvice;
  readonly toldAt: Date;
  readonly dueAt: Date;
  readonly outcome: Outcome | null;
  readonly ref: string | null;
}

/** A place in the list of what is owed, oldest first. */
export type OwedPlace = Pick<OwedMatch, 'toldAt' | 'id'>;

export const owedCursor = (place: OwedPlace): string => `${place.toldAt.getTime()}-${place.id}`;

/** The place after which a page starts; undefined when the caller made the cursor up. */
export function readOwedCursor(cursor: string): OwedPlace | undefined {
  const [, time, id] = /^(\d{1,14})-(mat_\w+)$/.exec(cursor) ?? [];
  if (time === undefined || !isId('mat', id)) return undefined;
  return { toldAt: new Date(Number(time)), id };
}
