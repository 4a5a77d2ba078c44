import { z } from 'zod';
import { clientFaults, type ClientFaultCode } from './client-faults.ts';
import { maxIssues, type ProblemIssue } from './input-issues.ts';
import { problemCodes, type ProblemCode, type ProblemRule } from './problem-codes.ts';
import { timestamp, toTimestamp } from './schemas.ts';

export { clientFaults, type ClientFaultCode } from './client-faults.ts';
export { inputIssues, sayIssue, type InputFault, type ProblemIssue } from './input-issues.ts';
export { problemCodes, type ProblemCode, type ProblemRule } from './problem-codes.ts';

/** Further members of a problem, and the detail for the operator. */
export interface ProblemOptions {
  readonly issues?: readonly ProblemIssue[] | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly serverTime?: Date | undefined;
  /** For the operator's log alone; may not hold identifiers, tokens or codes either. */
  readonly detail?: string | undefined;
  readonly cause?: unknown;
}

/** Title and next step of a code, for people: of a refusal, or of what a client found itself. */
export const textOfCode = (
  code: ProblemCode | ClientFaultCode,
): { readonly title: string; readonly next: string } =>
  isProblemCode(code) ? problemCodes[code] : clientFaults[code];

/** A refusal of the registry, thrown by its rules and by the SDK that received it. Act on `code`. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly status: number;
  readonly issues: readonly ProblemIssue[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly serverTime: Date | undefined;
  // Private to the instance, so that no serialiser takes it for a member of the answer.
  readonly #detail: string | undefined;

  constructor(code: ProblemCode, options: ProblemOptions = {}) {
    const { status, title } = problemCodes[code];
    super(title, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = status;
    this.issues = options.issues;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.serverTime = options.serverTime;
    this.#detail = options.detail;
  }

  /** The detail for the operator, which the caller may not know. */
  get detail(): string | undefined {
    return this.#detail;
  }
}

/** RFC 9457, with `next`, `issues` and `server_time` as extension members. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly next: string;
  readonly issues?: readonly ProblemIssue[];
  /** RFC 3339 UTC, with clock-skew. */
  readonly server_time?: string;
}

/** The body of `application/problem+json`: a function of code, issues and server time, of nothing internal. */
export function problemBody(problem: Problem, origin: string): ProblemBody {
  const { status, title, next }: ProblemRule = problemCodes[problem.code];
  return {
    type: `${origin}/problems/${problem.code}`,
    title,
    status,
    next,
    ...(problem.issues && { issues: problem.issues.slice(0, maxIssues).map(withoutInput) }),
    ...(problem.serverTime && { server_time: toTimestamp(problem.serverTime) }),
  };
}

/**
 * The caller chooses the member names of its input, and some end in a path: only plain names and indexes
 * go back, or an answer would echo what was sent (an identifier, a script) to whoever reads it.
 */
function withoutInput({ path, code, allowed }: ProblemIssue): ProblemIssue {
  const isPlain = /^[A-Za-z_][A-Za-z_-]{0,39}(\.([A-Za-z_][A-Za-z_-]{0,39}|\d{1,4})){0,15}$/;
  const isCode = /^[a-z][a-z-]{0,39}$/;
  const isValue = /^[A-Za-z0-9][A-Za-z0-9.:+/_-]{0,63}$/;
  return {
    path: isPlain.test(path) ? path : '',
    code: isCode.test(code) ? code : 'invalid',
    ...(allowed?.every((value) => isValue.test(value)) && { allowed }),
  };
}

const issueSchema = z.object({
  path: z.string().max(1000),
  code: z.string().max(100),
  allowed: z.array(z.string()).max(100).optional(),
});

const bodySchema = z.object({
  type: z.string().max(2048),
  issues: z.array(issueSchema).max(maxIssues).optional(),
  server_time: timestamp.optional(),
});

/**
 * A problem body back to a Problem, for the SDK; undefined when it is not one of ours. Unknown members are
 * ignored. The texts of a server are not trusted: title, status and next are those of this package, and of its issues
 * plain names alone are taken.
 * @param retryAfterSeconds from the Retry-After header
 */
export function parseProblem(body: unknown, retryAfterSeconds?: number): Problem | undefined {
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) return undefined;
  const code = /\/problems\/([a-z-]+)$/.exec(parsed.data.type)?.[1];
  if (code === undefined || !isProblemCode(code)) return undefined;
  const { issues, server_time: serverTime } = parsed.data;
  return new Problem(code, {
    issues: issues?.map(withoutInput),
    retryAfterSeconds,
    serverTime: serverTime === undefined ? undefined : new Date(serverTime),
  });
}

/** Whether a code is one of a refusal of the wire. */
export const isProblemCode = (code: string): code is ProblemCode =>
  Object.hasOwn(problemCodes, code);
