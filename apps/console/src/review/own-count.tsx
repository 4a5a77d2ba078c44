import type { ReactNode } from 'react';
import type { Waiting } from '../parts/desk-item.ts';
import { useRead } from '../registry/calls.ts';

/** Open assignments and votes of the acting reviewer, and the cases that any reviewer may take. */
export function useReviewWork(inBackground: boolean): Waiting | undefined {
  const options = { everyMs: 60_000, inBackground };
  const { data: queue } = useRead('review.queue', {}, options);
  const { data: items } = useRead('review.items', {}, options);
  if (!queue || !items) return undefined;
  const cases = queue.claims.filter(({ state }) => state === 'open').length;
  const own = cases + items.items.filter(({ voted }) => !voted).length;
  return { own, all: own + queue.waiting.eligible };
}

export function OwnCount(): ReactNode {
  const own = useReviewWork(false)?.own ?? 0;
  return own === 0 ? null : <span className="count">{own}</span>;
}
