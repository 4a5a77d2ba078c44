import type { ReactNode } from 'react';
import { useRead } from '../registry/calls.ts';

const freshMs = 30_000;

/** How many proposals of others wait for this operator. */
export function ProposalCount(): ReactNode {
  const { data } = useRead('proposals.list', { limit: 100 }, { everyMs: freshMs });
  const count = data?.proposals.filter(({ own }) => !own).length ?? 0;
  return count === 0 ? null : <span className="count">{count}</span>;
}
