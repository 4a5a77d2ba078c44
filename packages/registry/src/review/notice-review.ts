import { Problem, withheldGrounds, type WithheldGround } from '@recourse/protocol';
import { dueAt, type Deadlines } from '@recourse/protocol/review';
import type { CallContext } from '../context/context.ts';
import type { SanctionRow } from '../records/store.ts';

export type Withheld = { withheld_ground: WithheldGround; notice_due_at: Date };

/** No later than it was due before. */
export function ordinaryDue(
  { before, now }: { before: Date; now: Date },
  { noticeDueDays }: Pick<Deadlines, 'noticeDueDays'>,
): Date {
  const ordinary = dueAt(now, 24 * noticeDueDays);
  return ordinary < before ? ordinary : before;
}

export const waitingFor = ({ caller: { holder }, now }: CallContext) => ({ holder, now });

export function withheld<R extends SanctionRow>(row: R | undefined): R & Withheld {
  const { withheld_ground: ground, notice_due_at: due } = row ?? {};
  if (!row || !isGround(ground) || !due) throw new Problem('not-found');
  return { ...row, withheld_ground: ground, notice_due_at: due };
}

const isGround = (ground: string | null | undefined): ground is WithheldGround =>
  withheldGrounds.some((one) => one === ground);
