import type { ReactNode } from 'react';
import type { Waiting } from '../parts/desk-item.ts';
import { useRead } from '../registry/calls.ts';

const freshMs = 30_000;

/** Proposals of others that wait for this operator. */
export function useProposalCount(inBackground: boolean): Waiting | undefined {
  const options = { everyMs: freshMs, inBackground };
  const { data } = useRead('proposals.list', { limit: 100 }, options);
  const count = data?.proposals.filter(({ own }) => !own).length;
  return count === undefined ? undefined : { own: count, all: count };
}

export function ProposalCount(): ReactNode {
  const count = useProposalCount(false)?.own ?? 0;
  return count === 0 ? null : <span className="count">{count}</span>;
}
