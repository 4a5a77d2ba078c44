import { dueAt, type Deadlines } from '@recourse/protocol/review';

/** The facts that decide when a record is erased. */
export interface Erasable {
  readonly endedAt: Date | null;
  /** Reversed, or found wrong after its end */
  readonly righted: boolean;
  /** Claimants asked for all that is left of it, long enough ago */
  readonly requested: boolean;
  /** Identifiers that are still there of those whose claimants asked, long enough ago */
  readonly subjects: readonly number[];
  /** An appeal or a recall that is open */
  readonly delayed: boolean;
  /** The same, or an inspection */
  readonly open: boolean;
  readonly textsErased: boolean;
  /** The ledger may still draw its reversal to be decided again */
  readonly drawable: boolean;
}

/** `subjects`: of some identifiers, tokens, salts and kept bytes. `texts`: words, tokens, salts and kept bytes. `case`: its key, and with it everything else of it. */
export type ErasureStep = 'subjects' | 'texts' | 'case';

/**
 * Words, tokens, salts and kept bytes of a reversed record are erased once its recalls are closed and the ledger has
 * drawn; of any other 180 d after its end, later while an appeal or recall is open, and never before its appeals are over. The case of a
 * reversed record stays as long, so that its creator reads what was decided and takes the letter.
 */
export function erasureDue(
  erasable: Erasable,
  { now, deadlines }: { now: Date; deadlines: Pick<Deadlines, EraseDeadline> },
): ErasureStep | undefined {
  const { endedAt, delayed, open, subjects } = erasable;
  if (endedAt === null) return undefined;
  const step = open ? undefined : wholeStep({ ...erasable, endedAt }, { now, deadlines });
  return step ?? (subjects.length > 0 && !delayed ? 'subjects' : undefined);
}

function wholeStep(
  { endedAt, righted, requested, textsErased, drawable }: Erasable & { endedAt: Date },
  { now, deadlines }: { now: Date; deadlines: Pick<Deadlines, EraseDeadline> },
): ErasureStep | undefined {
  if (requested || erasedAfter(endedAt, deadlines) <= now) return 'case';
  return righted && !textsErased && !drawable ? 'texts' : undefined;
}

type EraseDeadline = 'eraseAfterEndDays' | 'appealWindowDays';

const erasedAfter = (
  endedAt: Date,
  { eraseAfterEndDays, appealWindowDays }: Pick<Deadlines, EraseDeadline>,
): Date => dueAt(endedAt, 24 * Math.max(eraseAfterEndDays, appealWindowDays));
