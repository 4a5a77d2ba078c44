import {
  isRecourseError,
  type Issue,
  type RecourseError,
  type RecourseErrorCode,
} from '@recourse/sdk';
import { problemCodes } from '@recourse/protocol';
import { z } from 'zod';
import { AgentError } from '../errors.ts';
import { IdemConflict } from '../outbox/entries.ts';
import { failureClassOf } from '../outbox/failure-class.ts';

/** The fault of one member. */
export const issueSchema = z.object({
  path: z.string(),
  code: z.string(),
  allowed: z
    .array(z.string())
    .optional()
    .describe('Every value that the member may have, where that is a closed list'),
});

/** RFC 9457. `code` is what to act on; no member repeats a value that was sent. */
export const problemSchema = z.object({
  type: z.string().describe('urn:recourse:problem:<code>'),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  next: z.string().describe('What to do about it, as one sentence'),
  issues: z
    .array(issueSchema)
    .optional()
    .describe('Which members were refused, and why; never their values'),
  link: z.string().optional().describe('The page of the registry about this code'),
  intent: z.string().optional().describe('The refused intent; it stands in /outbox'),
});
export type Problem = z.infer<typeof problemSchema>;

export interface ProblemAnswer {
  readonly problem: Problem;
  readonly retryAfterSeconds?: number | undefined;
}

type Issues = readonly Issue[];

/** A request that does not fit its route. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
  readonly status: number;
  readonly code: string;
  readonly next: string;
  readonly issues: Issues | undefined;

  constructor(
    status: number,
    problem: { code: string; title: string; next: string; issues?: Issues },
  ) {
    super(problem.title);
    this.status = status;
    this.code = problem.code;
    this.next = problem.next;
    this.issues = problem.issues;
  }
}

export const notFound = (): BadRequest =>
  new BadRequest(404, {
    code: 'not-found',
    title: 'There is nothing here with this id.',
    next: 'Compare the path with /docs, and the id with the list that it comes from.',
  });

/** Turns an error into a problem. Undefined for a fault of the agent: its message may quote anything. */
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

interface Told {
  readonly status: number;
  readonly title: string;
  readonly next: string;
  readonly issues?: Issues;
  readonly link?: string | undefined;
  readonly intent?: string;
}

export const problem = (code: string, body: Told): Problem => ({
  type: `urn:recourse:problem:${code}`,
  title: body.title,
  status: body.status,
  code,
  next: body.next,
  ...(body.issues && body.issues.length > 0 ? { issues: body.issues.map(copyIssue) } : {}),
  ...(body.link === undefined ? {} : { link: body.link }),
  ...(body.intent === undefined ? {} : { intent: body.intent }),
});

/** A copy for the answer, whose schema has plain lists. */
export const copyIssue = ({ path, code, allowed }: Issue): z.infer<typeof issueSchema> => ({
  path,
  code,
  ...(allowed && { allowed: [...allowed] }),
});

function registryProblem(error: RecourseError): ProblemAnswer {
  const { code, title, next, issues, link, retryAfterSeconds } = error;
  const isAway = failureClassOf(code) === 'away';
  return {
    problem: problem(code, { status: statusOf(code), title, next, issues, link }),
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
