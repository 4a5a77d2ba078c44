import { isRecourseError, type RecourseError, type RecourseErrorCode } from '@recourse/sdk';
import { problemCodes } from '@recourse/protocol';
import { z } from 'zod';
import { AgentError } from '../errors.ts';
import { IdemConflict } from '../outbox/entries.ts';
import { textOf } from '../error-texts.ts';
import { failureClassOf } from '../outbox/failure-class.ts';

/** RFC 9457. `code` is what to act on; no member repeats a value that was sent. */
export const problemSchema = z.object({
  type: z.string().describe('urn:recourse:problem:<code>'),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  next: z.string().describe('What to do about it, as one sentence'),
  issues: z
    .array(z.object({ path: z.string(), code: z.string() }))
    .optional()
    .describe('Which members were refused, and why; never their values'),
  intent: z.string().optional().describe('The refused intent; it stands in /outbox'),
});
export type Problem = z.infer<typeof problemSchema>;

export interface ProblemAnswer {
  readonly problem: Problem;
  readonly retryAfterSeconds?: number | undefined;
}

type Issues = readonly { readonly path: string; readonly code: string }[];

/** A request that does not fit its route. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
  readonly status: number;
  readonly code: string;
  readonly next: string;
  readonly issues: Issues | undefined;

  constructor(
    status: number,
    told: { code: string; title: string; next: string; issues?: Issues },
  ) {
    super(told.title);
    this.status = status;
    this.code = told.code;
    this.next = told.next;
    this.issues = told.issues;
  }
}

export const notFound = (): BadRequest =>
  new BadRequest(404, {
    code: 'not-found',
    title: 'There is nothing here with this id.',
    next: 'Compare the path with /docs, and the id with the list that it comes from.',
  });

/** What an error is told as. Undefined for a fault of the agent: its message may quote anything. */
export function problemOf(error: unknown): ProblemAnswer | undefined {
  if (isRecourseError(error)) return registryProblem(error);
  if (error instanceof BadRequest) {
    const { status, code, message: title, next, issues } = error;
    return { problem: problem(code, { status, title, next, ...(issues ? { issues } : {}) }) };
  }
  if (error instanceof IdemConflict) {
    return { problem: problem('idempotency-conflict', problemCodes['idempotency-conflict']) };
  }
  if (error instanceof AgentError) {
    const { code, message: title, next } = error;
    return { problem: problem(code, { status: 503, title, next }), retryAfterSeconds: 60 };
  }
  return undefined;
}

export const problem = (
  code: string,
  told: { status: number; title: string; next: string; issues?: Issues; intent?: string },
): Problem => ({
  type: `urn:recourse:problem:${code}`,
  title: told.title,
  status: told.status,
  code,
  next: told.next,
  ...(told.issues && told.issues.length > 0 ? { issues: [...told.issues] } : {}),
  ...(told.intent === undefined ? {} : { intent: told.intent }),
});

function registryProblem({ code, issues, retryAfterSeconds }: RecourseError): ProblemAnswer {
  const isAway = failureClassOf(code) === 'away';
  return {
    problem: problem(code, { status: statusOf(code), ...textOf(code), issues }),
    ...(isAway ? { retryAfterSeconds: retryAfterSeconds ?? 10 } : {}),
  };
}

const own: Readonly<Partial<Record<RecourseErrorCode, number>>> = {
  'signer-missing': 503,
  'claim-missing': 409,
  'evidence-mismatch': 422,
  unavailable: 503,
};

/** A refusal of the agent's keys is no fault of the service that asked: it must not read as a wrong bearer token. */
export function statusOf(code: RecourseErrorCode): number {
  const known = own[code];
  if (known !== undefined) return known;
  const statuses: Readonly<Partial<Record<string, { status: number }>>> = problemCodes;
  const status = statuses[code]?.status ?? 502;
  return status === 401 ? 502 : status;
}
