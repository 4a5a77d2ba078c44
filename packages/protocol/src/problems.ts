import { z } from 'zod';
import { problemCodes, type ProblemCode, type ProblemRule } from './problem-codes.ts';
import { timestamp, toTimestamp } from './schemas.ts';

export { problemCodes, type ProblemCode, type ProblemRule } from './problem-codes.ts';

/** Where an input is wrong and how: a path of member names and indexes, and a code; never a value. */
export interface ProblemIssue {
  readonly path: string;
  readonly code: string;
}

/** Further members of a problem, and the detail for the operator. */
export interface ProblemOptions {
  readonly issues?: readonly ProblemIssue[] | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly serverTime?: Date | undefined;
  /** For the operator's log alone; may not hold identifiers, tokens or codes either. */
  readonly detail?: string | undefined;
  readonly cause?: unknown;
}

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

const maxIssues = 32;

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
function withoutInput(issue: ProblemIssue): ProblemIssue {
  const isPlain = /^[A-Za-z_][A-Za-z_-]{0,39}(\.([A-Za-z_][A-Za-z_-]{0,39}|\d{1,4})){0,15}$/;
  const isCode = /^[a-z][a-z_-]{0,39}$/;
  return {
    path: isPlain.test(issue.path) ? issue.path : '',
    code: isCode.test(issue.code) ? issue.code : 'invalid',
  };
}

const bodySchema = z.object({
  type: z.string().max(2048),
  issues: z
    .array(z.object({ path: z.string().max(1000), code: z.string().max(100) }))
    .max(maxIssues)
    .optional(),
  server_time: timestamp.optional(),
});

/**
 * A problem body back to a Problem, for the SDK; undefined when it is not one of ours. Unknown members are
 * ignored, title, status and next are those of this package: the texts of a server are not trusted.
 * @param retryAfterSeconds from the Retry-After header
 */
export function parseProblem(body: unknown, retryAfterSeconds?: number): Problem | undefined {
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) return undefined;
  const code = /\/problems\/([a-z-]+)$/.exec(parsed.data.type)?.[1];
  if (code === undefined || !isProblemCode(code)) return undefined;
  const { issues, server_time: serverTime } = parsed.data;
  return new Problem(code, {
    issues,
    retryAfterSeconds,
    serverTime: serverTime === undefined ? undefined : new Date(serverTime),
  });
}

const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(problemCodes, code);
