import { Note } from '@recourse/design';
import type { ReactNode } from 'react';
import { namedIssue } from './issues/issue-text.ts';
import { explain } from './refusals.ts';

/** What was refused, in words. */
export default function SaidProblem({ error }: { readonly error: unknown }): ReactNode {
  const { title, next, issues } = explain(error);
  return (
    <Note tone="bad" title={title} announce>
      {issues.length === 0 ? <p>{next}</p> : null}
      {issues.map((issue) => (
        <p key={`${issue.path} ${issue.code}`}>{namedIssue(issue)}</p>
      ))}
    </Note>
  );
}
