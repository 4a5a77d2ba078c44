import type { ReactNode } from 'react';
import { useOwed, type OwedKind } from './owed.ts';

const countOf = (kinds: readonly OwedKind[]) =>
  function Count(): ReactNode {
    const { data } = useOwed();
    const count = data?.owed.filter(({ kind }) => kinds.includes(kind)).length ?? 0;
    return count === 0 ? null : <span className="count">{count}</span>;
  };

export const InboxCount = countOf(['notice', 'evidence', 'recall', 'outcome', 'draft', 'inquiry']);
export const AppealCount = countOf(['evidence']);
export const MatchCount = countOf(['outcome']);
export const RecallCount = countOf(['recall']);
export const DraftCount = countOf(['draft']);
export const InquiryCount = countOf(['inquiry']);
