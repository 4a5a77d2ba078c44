import type { AuthenticatedCall, Problem } from '@recourse/protocol';
import { runProcedure } from './api.ts';
import { CallHandler, type Limit } from './audit/handle-call.ts';
import type { Services } from './context.ts';
import type { Db } from './database.ts';
import { refusalOf } from './sanctions/refusal.ts';
import { countRefusal } from './sanctions/submission-store.ts';

const submissions = new Set(['sanctions.submit', 'sanctions.draft', 'sanctions.confirm']);

/** What answers signed calls: every operation behind one admission, one audit and one commit. */
export function createCallHandler(
  services: Services,
  options: {
    /** None in tests, where the pool alone bounds */
    readonly limit?: Limit;
    readonly onFailure?: (call: AuthenticatedCall, problem: Problem) => void;
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
