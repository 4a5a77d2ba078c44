import { Note } from '@recourse/design';
import type { ReactNode } from 'react';
import { namedIssue } from './issues/issue-text.ts';
import { explain } from './refusals.ts';

/** What was refused, in words. */
export default function SaidProblem({ error }: { readonly error: unknown }): ReactNode {
  const { title, next, issues } = explain(error);
  return (
    <Note tone="bad" title={title} announce>
      <p>{next}</p>
      {issues.map((issue) => (
        <p key={`${issue.path} ${issue.code}`}>{namedIssue(issue)}</p>
      ))}
    </Note>
  );
}
