import { dueAt, type Deadlines } from '../bounds.ts';

/** How long a claimant's request waits, so that every other claimant hears of it. */
export const erasureRequestDays = 30;

/** What decides when a record is erased. */
export interface Erasable {
  readonly endedAt: Date | null;
  /** Reversed, or found wrong after its end */
  readonly righted: boolean;
  /** A claimant asked for it, {@link erasureRequestDays} ago */
  readonly requested: boolean;
  /** An appeal or a recall that is open, or a decision that is made again */
  readonly open: boolean;
  readonly textsErased: boolean;
  /** Its submitter may still ask that two others decide the reversal again */
  readonly askable: boolean;
}

/** `texts`: words, tokens, salts and kept bytes. `case`: its key, and with it everything else of it. */
export type ErasureStep = 'texts' | 'case';

/**
 * Words, tokens, salts and kept bytes of a reversed record are erased once its recalls are closed and its submitter may
 * not ask any more that it be decided again; of any other
 * 180 d after its end, later while an appeal or recall is open, and never before its appeals are over. The case of a
 * reversed record stays as long, so that its creator reads what was decided and takes the letter.
 */
export function erasureDue(
  of: Erasable,
  { now, deadlines }: { now: Date; deadlines: Pick<Deadlines, EraseDeadline> },
): ErasureStep | undefined {
  const { endedAt, righted, requested, open, textsErased, askable } = of;
  if (endedAt === null || open) return undefined;
  if (requested || erasedAfter(endedAt, deadlines) <= now) return 'case';
  return righted && !textsErased && !askable ? 'texts' : undefined;
}

type EraseDeadline = 'eraseAfterEndDays' | 'appealWindowDays';

const erasedAfter = (
  endedAt: Date,
  { eraseAfterEndDays, appealWindowDays }: Pick<Deadlines, EraseDeadline>,
): Date => dueAt(endedAt, 24 * Math.max(eraseAfterEndDays, appealWindowDays));
