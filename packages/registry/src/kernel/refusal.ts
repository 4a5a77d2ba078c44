import { Problem, type IssueCode, type ProblemCode } from '@recourse/protocol';

/** A refusal that points at one member of the input and says which rule it breaks. */
export const refusal = (code: ProblemCode, path: string, issue: IssueCode): Problem =>
  new Problem(code, { issues: [{ path, code: issue }] });

export const invalid = (path: string, issue: IssueCode): Problem =>
  refusal('invalid-input', path, issue);

/** Problems that are refusals of a submission, and are counted publicly. */
const counted: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'invalid-input',
  'reason-not-accepted',
  'authority-origin-not-accepted',
  'control-not-proven',
  'proof-too-weak',
  'retention-too-long',
  'not-independent',
  'notice-required',
  'unknown-epoch',
  'already-decided',
  'too-few-reviewers',
  'quota-exceeded',
  'party-suspended',
  'role-not-allowed',
  'key-inactive',
  'overloaded',
]);

/** Returns what the public count of refusals says of a problem of sanctions.submit, draft or confirm. */
export function refusalOf(problem: Problem): { code: string; detail: string } | undefined {
  if (!counted.has(problem.code)) return undefined;
  return { code: problem.code, detail: problem.issues?.[0]?.code ?? '' };
}

/** Missing and not the caller's: one answer, so that nobody learns which ids exist. */
export function found<T>(row: T | undefined, isCallers: (row: T) => boolean): T {
  if (row === undefined || !isCallers(row)) throw new Problem('not-found');
  return row;
}

/** `state-conflict` at a member of the input. */
export const conflict = (path: string, issue: IssueCode): Problem =>
  refusal('state-conflict', path, issue);
