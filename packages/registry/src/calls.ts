import type { AuthenticatedCall, Problem } from '@recourse/protocol';
import { runCaseProcedure, runProcedure } from './api.ts';
import { CallHandler, type Trace } from './calls/handle-call.ts';
import { CaseHandler } from './calls/handle-case.ts';
import { prepareCase } from './cases/control.ts';
import type { Limit, Services } from './context/context.ts';
import type { Db } from './kernel/database.ts';
import { refusalOf } from './kernel/refusal.ts';
import { countRefusal } from './submissions/submission-store.ts';

const submissions = new Set(['sanctions.submit', 'sanctions.draft', 'sanctions.confirm']);

/** What answers signed calls: every operation behind one admission, one audit and one commit. */
export function createCallHandler(
  services: Services,
  options: {
    /** None in tests, where the pool alone bounds */
    readonly limit?: Limit;
    readonly onFailure?: (call: AuthenticatedCall, problem: Problem) => void;
    readonly onGroup?: (reads: number) => void;
    readonly trace?: Trace;
  } = {},
): CallHandler {
  return new CallHandler({
    services,
    run: runProcedure,
    limit: (work) => work(),
    countRefusal: async (db: Db, call, problem) => {
      const refusal = submissions.has(call.payload.op) ? refusalOf(problem) : undefined;
      if (!refusal) return;
      const day = services.clock().toISOString().slice(0, 10);
      await countRefusal(db, { ...refusal, party: call.payload.iss, day });
    },
    ...options,
  });
}

/** What answers creators: every act by a secret, behind the same audit and the same commit. */
export function createCaseHandler(
  services: Services,
  options: {
    /** None in tests, where the pool alone bounds */
    readonly limit?: Limit;
    readonly onFailure?: (op: string, problem: Problem) => void;
    readonly trace?: Trace;
  } = {},
): CaseHandler {
  return new CaseHandler({
    services,
    run: runCaseProcedure,
    prepare: (op, input, limit) => prepareCase({ services, limit }, op, input),
    limit: (work) => work(),
    ...options,
  });
}
