import { jcs, Problem, toBase64url, utf8 } from '@recourse/protocol';
import { placeOf } from '../vault/vault.ts';
import type { Services } from '../context/context.ts';
import type { Changes } from '../commit/changes.ts';
import type { Db } from '../kernel/database.ts';
import type { KeptCallsTable } from '../schema/calls.ts';
import { problemOf, refusal, success, type Answer, type Draft } from '../commit/answer.ts';
import { rowIdOf, type AuditedCall } from '../commit/audit-row.ts';
import { retrying } from '../kernel/retry.ts';
import {
  fallOut,
  FalloutError,
  receiptsOf,
  seal,
  writeSealed,
  type Fallout,
  type Sealable,
} from '../commit/seal.ts';
import type { LastStatement } from '../commit/sealed-store.ts';
import { writeNextInstants } from '../records/next-instant.ts';
import { wrappedCaseKeys } from '../vault/case-key-store.ts';
import { keptBody, storedAnswerOf, type StoredAnswer } from './stored-answer.ts';

/** The part of a procedure's work that it leaves for its commit. */
export interface ActResult {
  readonly changes: Changes;
  readonly retainCallFor: ReadonlySet<string>;
  readonly last?: readonly LastStatement[];
}

export interface MutationRun {
  readonly call: AuditedCall;
  readonly services: Services;
  /** Runs the procedure in the given transaction */
  readonly run: (db: Db) => Promise<{ result: unknown; ctx: ActResult }>;
  /** True while the caller may act, with what says so locked until the commit */
  readonly isLive: (db: Db) => Promise<boolean>;
  /** Finds the answer to an earlier call under the same idem */
  readonly answerOfIdem: (db: Db) => Promise<StoredAnswer | undefined>;
  /** A read's answer is not kept, and its repetition is a replay */
  readonly keepsAnswer: boolean;
  /** Refusals that this leaves alone: of a caller that was nobody, and those after which the same body may come again */
  readonly passesBy?: (problem: Problem) => boolean;
  /** Told of each refusal, once */
  readonly onFailure: (problem: Problem) => void;
  /** Counts a refusal for the public report, in the transaction of its audit row */
  readonly countRefusal: (db: Db, problem: Problem) => Promise<void>;
  /** Told of a key whose cached state was wrong */
  readonly onKeyChanged: (kid: string) => void;
}

/**
 * Runs a mutation with its audit row, answer and entries in one transaction. Copies of one call collide in
 * the tables of seen calls: all but one roll back, and get the answer of the one.
 */
export async function commitMutation(mutation: MutationRun): Promise<Answer> {
  const { services } = mutation;
  try {
    return await retrying(() =>
      services.db.transaction().execute(async (trx) => {
        const [earlier] = await Promise.all([
          mutation.answerOfIdem(trx),
          assertLive(trx, mutation),
        ]);
        return earlier ? repeatIn(trx, earlier, mutation) : runIn(trx, mutation);
      }),
    );
  } catch (error) {
    return commitFailure(mutation, error);
  }
}

/**
 * A key revoked a second ago, on any server, is inactive. Shared until the commit, so that a revocation
 * comes wholly before or wholly after; checked first, so that a key may revoke itself.
 */
async function assertLive(trx: Db, { call, isLive }: MutationRun): Promise<void> {
  if (!(await isLive(trx))) fallOut([{ call }], 'key-changed');
}

async function runIn(trx: Db, mutation: MutationRun): Promise<Answer> {
  const { call, services } = mutation;
  const { result, ctx } = await mutation.run(trx);
  await writeNextInstants({ db: trx, changes: ctx.changes });
  const answer = success(result, ctx.changes);
  const { list } = ctx.changes;
  const sealable = { call, answer, changes: list, commitment: ctx.changes.commitment() };
  const { keepsAnswer } = mutation;
  const kept = await keptBytes(trx, call, { ...ctx, services });
  const { last = [] } = ctx;
  const { idem } = call.payload;
  try {
    return await sealAndStore(trx, sealable, { services, idem, kept, keepsAnswer, last });
  } catch (error) {
    throw last.map(({ refused }) => refused(error)).find(Boolean) ?? error;
  }
}

/** Keyed: an input may hold addresses, and a plain hash in a copy of the database would confirm a guessed one. */
const inputMac = ({ call, services }: Pick<MutationRun, 'call' | 'services'>): string =>
  toBase64url(services.vault.proofOf(`input\n${jcs(call.payload.in)}`));

/** A new jti with the same idem and the same input: the stored result, with a receipt of its own. */
async function repeatIn(trx: Db, earlier: StoredAnswer, mutation: MutationRun): Promise<Answer> {
  const { call, services } = mutation;
  if (earlier.inputHash !== inputMac(mutation)) throw new Problem('idempotency-conflict');
  const { status, contentType, body } = earlier;
  const answer: Draft = { status, contentType, body };
  const sealable = { call, answer, changes: [], commitment: commitmentIn(earlier.body) };
  return sealAndStore(trx, sealable, { services, idem: undefined, earlier });
}

async function sealAndStore(
  trx: Db,
  sealable: Sealable,
  options: {
    services: Services;
    idem: string | undefined;
    earlier?: StoredAnswer;
    kept?: readonly KeptCallsTable[];
    last?: readonly LastStatement[];
    keepsAnswer?: boolean;
  },
): Promise<Answer> {
  const { call, answer } = sealable;
  const sealed = seal([sealable], options.services);
  const [receipt] = await receiptsOf(sealed, options.services);
  const row = {
    ...rowIdOf(call),
    iss: call.payload.iss,
    op: call.payload.op,
    idem: options.idem ?? null,
    input_hash: inputMac({ call, services: options.services }),
    req: call.hash,
    status: answer.status,
    ...keptBody(answer.body, { ...options, call, changes: sealable.changes }),
    receipt: receipt!,
    at: sealed.now,
  };
  const { keepsAnswer = true, last = [] } = options;
  const kept = { answers: keepsAnswer ? [row] : [], kept: options.kept ?? [] };
  const along = last.map(({ query }) => query);
  await writeSealed(trx, [sealable], { ...sealed, kept, along });
  return { ...answer, receipt: receipt! };
}

/**
 * Audits a failure after its rollback. When the call was seen already this was a copy, or a retry of
 * a call that did commit: it gets the stored answer.
 */
async function commitFailure(mutation: MutationRun, error: unknown): Promise<Answer> {
  const { call, services } = mutation;
  const failure = failureOf(error);
  if (failure === 'key-changed') return inactive(mutation);
  if (!(failure instanceof Problem)) return storedAnswer(services, call);
  mutation.onFailure(failure);
  const answer = refusal(failure, services.origin);
  if (decidesNothing(failure) || mutation.passesBy?.(failure)) return answer;
  try {
    return await retrying(() =>
      services.db.transaction().execute(async (trx) => {
        await assertLive(trx, mutation);
        // Retries of one idem that ran at once: this one failed on what the other had just done.
        const earlier = await mutation.answerOfIdem(trx);
        if (earlier?.inputHash === inputMac(mutation)) return repeatIn(trx, earlier, mutation);
        await mutation.countRefusal(trx, failure);
        const { keepsAnswer } = mutation;
        return sealAndStore(
          trx,
          { call, answer, changes: [] },
          { services, idem: undefined, keepsAnswer },
        );
      }),
    );
  } catch (second) {
    return unaudited(mutation, second);
  }
}

/** The failure itself could not be audited: it was a copy, its key is gone, or the store is. */
function unaudited(mutation: MutationRun, error: unknown): Promise<Answer> | Answer {
  const failure = failureOf(error);
  if (failure === 'key-changed') return inactive(mutation);
  if (!(failure instanceof Problem)) return storedAnswer(mutation.services, mutation.call);
  const problem = decidesNothing(failure)
    ? failure
    : new Problem('audit-unavailable', { retryAfterSeconds: 2, cause: failure });
  return refusal(problem, mutation.services.origin);
}

/** Revoked since admission: the caller was not authenticated after all. */
function inactive({ call, services, onKeyChanged }: MutationRun): Answer {
  onKeyChanged(call.key.kid);
  return refusal(new Problem('key-inactive'), services.origin);
}

function failureOf(error: unknown): Problem | Fallout {
  if (!(error instanceof FalloutError)) return problemOf(error);
  return [...error.calls.values()][0] ?? 'replayed';
}

/** A problem of 503 decided nothing and is not audited: the same call may come again. */
const decidesNothing = (problem: Problem): boolean => problem.status === 503;

/** The answer of a byte-identical call; another call with the same jti is a replay. */
export async function storedAnswer(services: Services, call: AuditedCall): Promise<Answer> {
  const stored = await storedAnswerOf(services, call);
  if (stored?.req !== call.hash) return refusal(new Problem('replayed-call'), services.origin);
  const { status, contentType, body, receipt } = stored;
  return { status, contentType, body, receipt };
}

function commitmentIn(body: string): { count: number; root: string } | undefined {
  const { changes } = JSON.parse(body) as { changes?: { count: number; root: string } };
  return changes && { count: changes.count, root: changes.root };
}

/** The bytes of a mutation for each of its cases. Cases it made or changed have their key at hand. */
async function keptBytes(
  trx: Db,
  call: AuditedCall,
  ctx: ActResult & { services: Services },
): Promise<KeptCallsTable[]> {
  const keys = new Map(
    ctx.changes.list.flatMap(({ sanction, caseKey }) =>
      sanction && caseKey ? [[sanction, caseKey] as const] : [],
    ),
  );
  const others = [...ctx.retainCallFor].filter((sanction) => !keys.has(sanction));
  for (const row of await wrappedCaseKeys(trx, others)) {
    keys.set(row.sanction, ctx.services.vault.openCase(row));
  }
  return [...ctx.retainCallFor].flatMap((sanction) => {
    const row = { sanction, ...rowIdOf(call) };
    const place = placeOf('kept_calls.sealed', row);
    const sealed = keys.get(sanction)?.seal(utf8(call.compact), place);
    return sealed ? [{ ...row, sealed }] : [];
  });
}
