import {
  inputIssues,
  Problem,
  problemBody,
  problemCodes,
  type ProblemCode,
} from '@recourse/protocol';
import { TRPCError } from '@trpc/server';
import { ZodError } from 'zod';
import type { Changes } from './changes.ts';
import { sqlState } from '../kernel/retry.ts';

/** The answer to one call, as it leaves the registry. */
export interface Answer {
  readonly status: number;
  readonly contentType: 'application/json' | 'application/problem+json';
  readonly body: string;
  /** `Recourse-Receipt`; none on replayed-call, on 503 and on calls that were not authenticated */
  readonly receipt?: string;
  readonly retryAfterSeconds?: number;
  /** Why it is a refusal, with its cause: for logs and counts, never sent */
  readonly refused?: Problem;
}

/** An answer before it is audited: what its receipt will state. */
export type Draft = Omit<Answer, 'receipt'>;

export function success(result: unknown, changes: Changes): Draft {
  return {
    status: 200,
    contentType: 'application/json',
    body: JSON.stringify({ result, changes: changes.inAnswer() }),
  };
}

export function refusal(problem: Problem, origin: string): Draft {
  return {
    status: problemCodes[problem.code].status,
    contentType: 'application/problem+json',
    body: JSON.stringify(problemBody(problem, origin)),
    ...(problem.retryAfterSeconds === undefined
      ? {}
      : { retryAfterSeconds: problem.retryAfterSeconds }),
    refused: problem,
  };
}

/**
 * The one place that turns an unknown throw into a problem. What a library or the database says stays
 * inside: it may quote values of the input.
 */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof TRPCError) {
    if (error.cause instanceof ZodError) {
      return new Problem('invalid-input', { issues: inputIssues(error.cause) });
    }
    if (error.cause) return problemOf(error.cause);
  }
  const code = databaseProblem(error);
  return code
    ? new Problem(code, { retryAfterSeconds: 2, cause: error })
    : new Problem('internal', { retryAfterSeconds: 30, cause: error });
}

/**
 * Codes of PostgreSQL and of a lost connection (SQLSTATE classes 08, 53, 57, and 25006) that pass by themselves; and that it
 * lets the server in no more (28, 3D): the operator mends that, and nothing in this code.
 */
function databaseProblem(error: unknown): ProblemCode | undefined {
  const code = sqlState(error);
  if (code === undefined) return undefined;
  if (
    /^(08|28|3D|57|25006)/.test(code) ||
    code.startsWith('CONNECTION') ||
    code.startsWith('ECONN')
  ) {
    return 'audit-unavailable';
  }
  return /^(53|40)/.test(code) || code === '55P03' ? 'overloaded' : undefined;
}
