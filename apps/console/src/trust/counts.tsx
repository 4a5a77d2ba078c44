import { useEffect, type ReactNode } from 'react';
import { useRecourse } from '../registry/calls.ts';
import { useOwed, type OwedKind } from './owed.ts';

const countOf = (kinds: readonly OwedKind[]) =>
  function Count(): ReactNode {
    const { data } = useOwed();
    const count = data?.owed.filter(({ kind }) => kinds.includes(kind)).length ?? 0;
    return count === 0 ? null : <span className="count">{count}</span>;
  };

const OwedCount = countOf(['notice', 'evidence', 'recall', 'outcome', 'draft', 'inquiry']);

/** Whoever opens this desk publishes the key that colleagues share their journals with. */
export function InboxCount(): ReactNode {
  const { journals } = useRecourse();
  useEffect(() => {
    // It is tried again, and said, where a journal is opened.
    journals.join().catch(() => undefined);
  }, [journals]);
  return <OwedCount />;
}

export const AppealCount = countOf(['evidence']);
export const MatchCount = countOf(['outcome']);
export const RecallCount = countOf(['recall']);
export const DraftCount = countOf(['draft']);
export const InquiryCount = countOf(['inquiry']);
