import type { Thing } from '../acts/things.ts';
import type { Principal } from '../world/principals.ts';
import type { Stage } from '../world/stage.ts';

/** Whether a thing is one that its principal may act on, as far as the hunt knows: others are drawn, too, but seldom. */
export function isOwn(stage: Stage, by: Principal, { noun, holder, value }: Thing): boolean {
  if (holder !== null) return holder === by.name;
  if (noun === 'record') return 'submitter' in value && isSubmitters(value.submitter, by);
  if (!('sanction' in value)) return true;
  if (by.kind === 'platform') return stage.record(value.sanction)?.submitter === by.name;
  if (by.kind !== 'reviewer') return true;
  if (noun === 'seat') return 'by' in value && value.by === by.name;
  return stage
    .all('seat')
    .some((seat) => seat.value.by === by.name && seat.value.sanction === value.sanction);
}

/** Operators and reviewers act on records of everybody. */
const isSubmitters = (submitter: string, by: Principal): boolean =>
  by.kind !== 'platform' || submitter === by.name;
