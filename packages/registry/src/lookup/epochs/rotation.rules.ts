import {
  announcedDaysAtMost,
  announcedHours,
  epochDays,
  overlapDays,
  type OpInput,
  type Problem,
} from '@recourse/protocol';
import { addDays, addHours } from '@recourse/protocol/review';
import { invalid, conflict } from '../../kernel/refusal.ts';

/** The facts by which a rotation is judged. */
export interface RotationFacts {
  readonly now: Date;
  /** The newest epoch that was announced, whether or not it is open */
  readonly newest: { readonly epoch: number; readonly opensAt: Date };
  readonly opensAt: Date;
  /** This server has the secret of the key */
  readonly held: boolean;
}

/**
 * One epoch after the other, each 90 days or more, announced a day before it opens. A key whose secret nobody has would
 * leave every check unanswered from then on: the servers that execute it have it.
 */
export function refuseRotation(
  { epoch }: Pick<OpInput<'oprf.rotate'>, 'epoch'>,
  { now, newest, opensAt, held }: RotationFacts,
): Problem | undefined {
  if (epoch !== newest.epoch + 1) return invalid('epoch', 'not-the-next');
  if (opensAt < addDays(newest.opensAt, epochDays)) return invalid('opensAt', 'epoch-too-short');
  if (opensAt < addHours(now, announcedHours)) return invalid('opensAt', 'too-soon');
  if (opensAt > addDays(now, announcedDaysAtMost)) return invalid('opensAt', 'too-late');
  return held ? undefined : conflict('publicKey', 'no-secret');
}

/** When the next epoch may open, if it is announced now. Before an epoch is old enough, `from` is after `until`. */
export function opensWithin(newest: RotationFacts['newest'], now: Date) {
  const announced = addHours(now, announcedHours);
  const grown = addDays(newest.opensAt, epochDays);
  return { from: announced > grown ? announced : grown, until: addDays(now, announcedDaysAtMost) };
}

/** When the epoch before one closes. */
export const beforeClosesAt = (opensAt: Date): Date => addHours(opensAt, 24 * overlapDays);
