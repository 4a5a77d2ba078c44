import { When } from '@recourse/design';
import type { ReactNode } from 'react';
import { words } from '../parts/words.ts';
import type { ReviewCase } from './case-data.ts';
import { groundTexts } from './words.ts';

/**
 * Decisions of others on the same reason, without their records: they show how strict the panel is, and are no
 * precedent.
 */
export function Earlier({ of: { earlier } }: { readonly of: ReviewCase }): ReactNode {
  if (earlier.length === 0) return <p>Nobody decided on this reason within a year.</p>;
  return (
    <ul>
      {earlier.map(({ outcome, cause, ground, decidedAt }) => (
        <li key={`${decidedAt} ${outcome}`}>
          <When at={decidedAt} />: {words(outcome)}
          {cause === undefined ? '' : ` (${words(cause)})`}. The creator said: {groundTexts[ground]}
          .
        </li>
      ))}
    </ul>
  );
}
