import type { OpName } from '@recourse/protocol';
import { decideReview, redecide } from './accountability/router.ts';
import { appeals, evidence, review } from './appeals/router.ts';
import { calls } from './audit/router.ts';
import { subjects } from './cases/subjects-router.ts';
import { checks } from './checks/router.ts';
import { events } from './events/router.ts';
import { ledger } from './ledger/router.ts';
import { matches } from './questions/router.ts';
import {
  keys,
  orders,
  panel,
  parties,
  people,
  platforms,
  registry,
  taxonomy,
} from './parties/router.ts';
import { prefixes } from './prefixes/router.ts';
import { router } from './procedure.ts';
import { oprf } from './tokens/router.ts';
import { recalls } from './recalls/router.ts';
import type { RunProcedure } from './audit/handle-call.ts';
import { sanctions } from './sanctions/router.ts';

/** Every signed operation. Its type is what the SDK's client is checked against. */
export const api = router({
  appeals: { ...appeals, redecide },
  calls,
  checks,
  events,
  evidence,
  keys,
  ledger,
  matches,
  oprf,
  orders,
  panel,
  parties,
  people,
  platforms,
  prefixes,
  recalls,
  registry,
  review: { ...review, decide: decideReview },
  sanctions,
  subjects,
  taxonomy,
});
export type ApiRouter = typeof api;

type Procedure = (options: {
  ctx: unknown;
  path: string;
  type: 'query' | 'mutation';
  input: unknown;
  getRawInput: () => Promise<unknown>;
  signal: AbortSignal | undefined;
  batchIndex: number;
}) => Promise<unknown>;

const procedures = api._def.procedures as unknown as Readonly<Record<OpName, Procedure>>;

/**
 * Runs one procedure without tRPC's HTTP adapter, which takes `a,b?batch=1`, `%2C` and trailing slashes.
 * `op` is an own property of the op table: the caller checked it.
 */
export const runProcedure: RunProcedure = (op, ctx, input) =>
  procedures[op]({
    ctx,
    path: op,
    type: 'query',
    input,
    getRawInput: async () => input,
    signal: undefined,
    batchIndex: 0,
  });
