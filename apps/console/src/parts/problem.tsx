import { textOfCode } from '@recourse/protocol';
import { isRecourseError, type Issue } from '@recourse/sdk';
import { Note } from '@recourse/design';
import type { ReactNode } from 'react';
import { issueText } from './issues.ts';

interface Explained {
  readonly title: string;
  readonly next: string;
  readonly issues: readonly Issue[];
}

/** Explains a failure and the next step, in the words of the protocol. */
export function explain(error: unknown): Explained {
  if (isRecourseError(error)) {
    const { code, title, issues } = error;
    return { title, next: textOfCode(code).next, issues };
  }
  return {
    title: 'The desk failed.',
    next: 'Load the page again. Your drafts are kept.',
    issues: [],
  };
}

interface ProblemProps {
  readonly error: unknown;
  /** Paths that stand at a field of their own already */
  readonly atFields?: readonly string[];
}

/** A refusal, read out when it appears. */
export function Problem({ error, atFields = [] }: ProblemProps): ReactNode {
  if (error === null || error === undefined) return null;
  const { title, next, issues } = explain(error);
  const rest = issues.filter(({ path }) => !atFields.some((field) => path.startsWith(field)));
  return (
    <Note tone="bad" title={title} announce>
      <p>{next}</p>
      {rest.length === 0 ? null : (
        <ul>
          {rest.map((issue) => (
            <li key={`${issue.path} ${issue.code}`}>
              <code>{issue.path}</code>: {issueText(issue)}
            </li>
          ))}
        </ul>
      )}
    </Note>
  );
}

/** The SDK names identifiers below `creator`. */
const inner = (path: string): string => path.replace(/^creator\./, '');

/** Finds the fault of one field, by the path that the registry named; undefined where there is none. */
export function fieldError(error: unknown, path: string): string | undefined {
  if (!isRecourseError(error)) return undefined;
  const issue = error.issues.find(({ path: at }) => `${inner(at)}.`.startsWith(`${path}.`));
  return issue && issueText(issue);
}
