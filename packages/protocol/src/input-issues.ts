import type { ZodError, core } from 'zod';

/** Faults in the form of a member. Rules of the registry have codes of their own beside these. */
export type InputFault =
  | 'required'
  | 'wrong-type'
  | 'not-allowed'
  | 'too-small'
  | 'too-big'
  | 'too-short'
  | 'too-long'
  | 'too-few'
  | 'too-many'
  | 'malformed'
  | 'unknown-member';

/** Where an input is wrong and how: a path of member names and indexes, and a code; never a value of the input. */
export interface ProblemIssue {
  /** Member names and indexes, joined by dots; empty for the input as a whole */
  readonly path: string;
  /** An {@link InputFault}, or the rule that the member breaks, as words joined by hyphens */
  readonly code: string;
  /** Every value that the member may have, where that is a closed list */
  readonly allowed?: readonly string[] | undefined;
}

/** As many issues as an answer names; the sender decides how much of its input is wrong. */
export const maxIssues = 32;

/**
 * The first 32 faults that a schema found, in codes of our own: those of the library behind it may change.
 * @param prefix member names in front of each path
 */
export const inputIssues = ({ issues }: ZodError, prefix: readonly string[] = []): ProblemIssue[] =>
  issues.slice(0, maxIssues).map((issue) => {
    const allowed = allowedBy(issue);
    return {
      path: [...prefix, ...issue.path.map(String)].join('.'),
      code: allowed ? 'not-allowed' : faultOf(issue),
      ...(allowed && { allowed }),
    };
  });

/** An issue as a person reads it, without a full stop: `reason is not an allowed value; allowed: a, b`. */
export const sayIssue = ({ path, code, allowed }: ProblemIssue): string =>
  `${path === '' ? 'the input' : path}: ${words[code] ?? code.replaceAll('-', ' ')}` +
  (allowed === undefined ? '' : `; allowed: ${allowed.join(', ')}`);

/** Codes that do not read as words by themselves */
const words: Readonly<Record<string, string>> = {
  required: 'missing',
  'not-allowed': 'not an allowed value',
  malformed: 'not of the expected form',
  'unknown-member': 'has a member that is not known here',
};

function faultOf(issue: core.$ZodIssue): InputFault {
  if (issue.code === 'too_small') return sizes[sizedAs(issue.origin)][0];
  if (issue.code === 'too_big') return sizes[sizedAs(issue.origin)][1];
  if (issue.code === 'unrecognized_keys') return 'unknown-member';
  if (issue.code !== 'invalid_type') return 'malformed';
  // The library tells an absent member from a wrong one by its message alone.
  return issue.message.endsWith('received undefined') ? 'required' : 'wrong-type';
}

const sizes = {
  number: ['too-small', 'too-big'],
  string: ['too-short', 'too-long'],
  array: ['too-few', 'too-many'],
} as const satisfies Record<string, readonly [InputFault, InputFault]>;

const sizedAs = (origin: string): keyof typeof sizes =>
  origin === 'string' || origin === 'array' ? origin : 'number';

/** The closed list that a member missed: of one enumeration, or of several that are alternatives. */
function allowedBy(issue: core.$ZodIssue): string[] | undefined {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code !== 'invalid_union') return undefined;
  const lists = issue.errors.map(([only, ...more]) =>
    only && more.length === 0 && only.path.length === 0 ? allowedBy(only) : undefined,
  );
  return lists.length > 0 && lists.every((list) => list !== undefined) ? lists.flat() : undefined;
}
