import { explain } from '../refusals.ts';
import { namedIssue } from './issue-text.ts';

/** Why one of many was refused, on one line: what happened, which fields are wrong, and what to do next. */
export function whyOf(error: unknown): string {
  const { title, next, issues } = explain(error);
  return [title, ...issues.map(namedIssue), next].join(' ');
}
