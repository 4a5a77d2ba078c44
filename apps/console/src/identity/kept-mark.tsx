import type { ReactNode } from 'react';
import type { Kept } from './draft.ts';

const texts: Readonly<Record<Kept, string>> = {
  yes: 'Your draft is kept in this browser, sealed.',
  saving: 'Keeping your draft',
  failed: 'Your draft could not be kept. Copy it before you leave.',
};

/** Whether what was typed outlives the page. */
export const KeptMark = ({ kept }: { readonly kept: Kept }): ReactNode => (
  <span className={kept === 'failed' ? 'bad' : 'soft'}>{texts[kept]}</span>
);
