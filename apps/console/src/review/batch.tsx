import { reviewIdOf, type ReviewId } from '@recourse/protocol';
import type { ReactNode } from 'react';
import { Link } from 'react-aria-components';
import { useRead } from '../registry/calls.ts';
import type { ReviewCase } from './case-data.ts';

interface BatchProps {
  readonly of: ReviewCase;
  readonly id: ReviewId;
}

/** The cases of one assignment: they rest on the same evidence, are read once, and each is decided. */
export function Batch({ of, id }: BatchProps): ReactNode {
  const undecided = useUndecided();
  if (of.batch.length < 2) return null;
  return (
    <nav className="row" aria-label="Cases that rest on the same evidence">
      <span>Cases that rest on the same evidence. Read it once, decide each:</span>
      {of.batch.map((one, index) => {
        const text = `Case ${index + 1}`;
        if (one === id) return <strong key={one}>{text} (this one)</strong>;
        if (!undecided.has(one)) return <span key={one}>{text}, done</span>;
        return (
          <Link key={one} href={`/review/cases/${one}`}>
            {text}
          </Link>
        );
      })}
    </nav>
  );
}

/** Own assignments that are open. */
export function useUndecided(): ReadonlySet<ReviewId> {
  const queue = useRead('review.queue', {});
  const open = (queue.data?.claims ?? []).filter(({ state }) => state === 'open');
  return new Set(open.map(reviewIdOf));
}
