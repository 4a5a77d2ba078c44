import type { ReactNode } from 'react';
import { useRead } from '../registry/calls.ts';

/** Open assignments and votes of the acting reviewer. */
export function OwnCount(): ReactNode {
  const queue = useRead('review.queue', {});
  const items = useRead('review.items', {});
  const cases = (queue.data?.claims ?? []).filter(({ state }) => state === 'open').length;
  const votes = (items.data?.items ?? []).filter(({ voted }) => !voted).length;
  return cases + votes === 0 ? null : <span className="count">{cases + votes}</span>;
}
