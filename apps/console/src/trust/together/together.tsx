import type { ReactNode } from 'react';
import { Drafts } from './drafts.tsx';
import type { TogetherProps } from './each-form.tsx';
import type { TogetherKind } from './kinds.ts';
import { Notices } from './notices.tsx';
import { Outcomes } from './outcomes.tsx';
import { Recalls } from './recalls.tsx';

const forms: Readonly<Record<TogetherKind, (props: TogetherProps) => ReactNode>> = {
  notice: Notices,
  outcome: Outcomes,
  recall: Recalls,
  draft: Drafts,
};

/** The form for many things of one kind that are owed. */
export default function Together({
  kind,
  ...props
}: TogetherProps & { readonly kind: TogetherKind }): ReactNode {
  const Form = forms[kind];
  return <Form {...props} />;
}
