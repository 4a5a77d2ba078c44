import { reasons, type ReasonCode } from '@recourse/protocol';
import type { ReactNode } from 'react';

/** A reason in words, with the code that programs know it by. */
export const Reason = ({ code }: { readonly code: ReasonCode }): ReactNode => (
  <>
    {reasons[code].texts.en.title} <code>{code}</code>
  </>
);
