import { lazy, Suspense, type ReactNode } from 'react';

// The words of every refusal are loaded with the first one.
const Said = lazy(() => import('./said-problem.tsx'));

/** A refusal of what has no fields, read out when it appears. */
export const Problem = ({ error }: { readonly error: unknown }): ReactNode =>
  error === null || error === undefined ? null : (
    <Suspense>
      <Said error={error} />
    </Suspense>
  );
