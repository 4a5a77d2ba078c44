import { lazy, Suspense, type ReactNode } from 'react';
import type { ChoosingBoxProps } from './choosing-box.tsx';

// A list stands before its boxes do.
const Box = lazy(() => import('./choosing-box.tsx'));

/** Chooses one row, or all of several. */
export const ChoosingBox = (props: ChoosingBoxProps): ReactNode => (
  <Suspense fallback={<input type="checkbox" aria-label={props.text} disabled />}>
    <Box {...props} />
  </Suspense>
);
