import { setTimeout as delay } from 'node:timers/promises';
import {
  admitCall,
  isOpName,
  ops,
  Problem,
  toDay,
  type AuthenticatedCall,
  type OpName,
  type Verifier,
} from '@recourse/protocol';
import { noEffects } from '../commit/effects.ts';
import { contextOf, type CallContext, type Limit, type Services } from '../context/context.ts';
import type { Db } from '../kernel/database.ts';
import { KnownCheckpoints, unknownCheckpoint } from '../log/known-checkpoints.ts';
import { recovering } from '../log/ledger-guard.ts';
import { checkpointOf } from '../log/store.ts';
import { nodeHash, nodeVerifier } from '../kernel/node-crypto.ts';
import { refusalOf } from '../kernel/refusal.ts';
import { problemOf, refusal, success, type Answer, type Draft } from '../commit/answer.ts';
import { GroupCommit, type PendingRead } from './group-commit.ts';
import { KeyCache } from './key-cache.ts';
import { commitMutation, storedAnswer } from './mutation.ts';
import { RecentCalls } from './recent-calls.ts';
import { findCaller, isKeyLive, type Caller } from '../commit/store.ts';
import { storedAnswerOfIdem } from './stored-answer.ts';
import { countRefusal } from '../submissions/submission-store.ts';

/** Runs the procedure of an operation; the root router behind it is composed in `api.ts`. */
export type RunProcedure = (op: OpName, ctx: CallContext, input: unknown) => Promise<unknown>;

export interface CallHandlerOptions {
  /** The pool alone bounds where none is given */
  readonly limit?: Limit;
  /** Told of what was refused and why, for counts and logs; never of inputs */
  readonly onFailure?: (call: AuthenticatedCall, problem: Problem) => void;
  /** Told how many reads were committed together */
  readonly onGroup?: (reads: number) => void;
  /** Milliseconds after which unused units of a bucket go back; at 0 each is charged with the call that spends it */
  readonly leaseMs?: number;
  /** Runs each step of a call, for whoever measures them */
  readonly trace?: Trace;
}

/** The steps of a call that take time of their own. */
export type CallStep = 'signature' | 'transaction' | 'group commit';
export type Trace = <T>(step: CallStep, work: () => Promise<T>) => Promise<T>;
export const untraced: Trace = (_step, work) => work();
export const unlimited: Limit = (work) => work();

export interface CallAnswer extends Answer {
  readonly authenticated: boolean;
  /** The signer of the call; none of a call that was refused at admission */
  readonly caller?: { readonly party: string; readonly jti: string };
}

const submissions: ReadonlySet<string> = new Set([
  'sanctions.submit',
  'sanctions.draft',
  'sanctions.confirm',
]);

/** How often a read is answered anew when what it shows changed before its commit. */
const readAttempts = 7;

/**
 * One call, from bytes to answer: admit, run, commit, receipt.
 * Everything attacker-controlled is checked by `admitCall` and by the schema of the operation.
 */
export class CallHandler {
  readonly #services: Services;
  readonly #run: RunProcedure;
  readonly #limit: Limit;
  readonly #onFailure: (call: AuthenticatedCall, problem: Problem) => void;
  readonly #keys: KeyCache;
  readonly #recent = new RecentCalls();
  readonly #group: GroupCommit;
  readonly #checkpoints: KnownCheckpoints;
  readonly #trace: Trace;

  constructor(services: Services, run: RunProcedure, options: CallHandlerOptions) {
    this.#services = services;
    this.#run = run;
    this.#limit = options.limit ?? unlimited;
    this.#onFailure = options.onFailure ?? (() => {});
    this.#trace = options.trace ?? untraced;
    this.#keys = new KeyCache({ read: (kid) => findCaller(services.db, kid, services.clock()) });
    this.#group = new GroupCommit(services, options);
    this.#checkpoints = new KnownCheckpoints((size) =>
      this.#limit(() => checkpointOf(services.db, size)),
    );
  }

  /** Of a server that stops: puts back what it took of buckets and did not spend. */
  close(): Promise<void> {
    return this.#group.close();
  }

  /** @param path the operation of the URL; it must be the one that was signed */
  async handle(path: string, compact: string): Promise<CallAnswer> {
    let call: AuthenticatedCall;
    try {
      this.#services.ledger.assertClock();
      call = await this.#admit(compact);
    } catch (error) {
      const problem = await this.#byTheRightClock(problemOf(error));
      // Found behind the signature: a member whose clock is wrong is no stranger who guesses.
      const authenticated = problem.code === 'clock-skew';
      return { ...refusal(problem, this.#services.origin), authenticated };
    }
    const answered = await this.#answer(path, call);
    const answer = orRecovering(answered, call.payload.op, this.#services);
    // An answer of 503 decided nothing: the same call may come again.
    if (answer.status === 503) this.#recent.forget(idOf(call));
    const { iss: party, jti } = call.payload;
    return { ...answer, authenticated: true, caller: { party, jti } };
  }

  /** A call that came in time is refused for good by nobody whose own clock is wrong. */
  async #byTheRightClock(problem: Problem): Promise<Problem> {
    if (problem.code !== 'clock-skew' || (await this.#services.ledger.judgesTimes()))
      return problem;
    return new Problem('overloaded', { retryAfterSeconds: 5 });
  }

  /** For the public report, in the transaction of the audit row */
  async #countRefusal(db: Db, { payload }: AuthenticatedCall, problem: Problem): Promise<void> {
    const refused = submissions.has(payload.op) ? refusalOf(problem) : undefined;
    if (!refused) return;
    const day = toDay(this.#services.clock());
    await countRefusal(db, { ...refused, party: payload.iss, day });
  }

  #admit(compact: string): Promise<AuthenticatedCall> {
    return admitCall(compact, {
      audience: this.#services.origin,
      now: this.#services.clock(),
      lookup: (kid) => this.#keys.get(kid),
      verify: traced(this.#trace, nodeVerifier),
      hash: nodeHash,
    });
  }

  async #answer(path: string, call: AuthenticatedCall): Promise<Answer> {
    const op = call.payload.op;
    const operation = isOpName(op) ? ops[op] : undefined;
    const isMutation = operation?.kind === 'mutation' && op === path;
    let showsOurs = true;
    try {
      this.#services.ledger.admit(op);
      const seen = this.#recent.seen(idOf(call), this.#services.clock());
      if (seen && isMutation) return await this.#mutate(op as OpName, call, seen);
      if (seen) throw new Problem('replayed-call');
      const { cp } = call.payload;
      // While it recovers it is this registry that lost something: recalls and events go on all the same.
      if (cp && !this.#services.ledger.fault) showsOurs = await this.#checkpoints.has(cp);
    } catch (error) {
      return refusal(unaudited(problemOf(error)), this.#services.origin);
    }
    if (isMutation && showsOurs) return this.#mutate(op as OpName, call, false);
    return this.#read(call, async (ctx) => {
      // A fork, an old copy of the database, or a lie of the caller: nothing is done on the word of any of them.
      if (!showsOurs) throw unknownCheckpoint();
      if (op !== path) throw new Problem('op-mismatch');
      if (!isOpName(op)) throw new Problem('unknown-op');
      return this.#run(op, ctx, call.payload.in);
    });
  }

  async #mutate(op: OpName, call: AuthenticatedCall, seen: boolean): Promise<Answer> {
    if (seen) {
      const stored = await storedAnswer(this.#services, call).catch(() => undefined);
      if (stored?.receipt) return stored;
    }
    const mutation = {
      call,
      services: this.#services,
      run: async (db: Db) => {
        const ctx = contextOf(this.#services, call, db);
        return { result: await this.#run(op, ctx, call.payload.in), ctx };
      },
      isLive: (db: Db) => isKeyLive(db, { kid: call.key.kid, mayRevoke: op === 'keys.revoke' }),
      answerOfIdem: (db: Db) => storedAnswerOfIdem(db, this.#services, call),
      keepsAnswer: true,
      countRefusal: (db: Db, problem: Problem) => this.#countRefusal(db, call, problem),
      onFailure: (problem: Problem) => this.#onFailure(call, problem),
      onKeyChanged: (kid: string) => this.#keys.forget(kid),
    };
    try {
      const commit = (): Promise<Answer> => commitMutation(mutation);
      const answer = await this.#limit(() => this.#trace('transaction', commit));
      if ('leavesMessages' in ops[op]) this.#services.notices.wake();
      return answer;
    } catch (error) {
      return refusal(problemOf(error), this.#services.origin);
    }
  }

  /** Reads, and every authenticated call that is refused before an operation runs. */
  async #read(
    admitted: AuthenticatedCall,
    run: (ctx: CallContext) => Promise<unknown>,
  ): Promise<Answer> {
    let call = admitted;
    let work = run;
    for (let attempt = 1; attempt <= readAttempts; attempt++) {
      try {
        const read = await this.#prepare(call, work);
        const committed = await this.#trace('group commit', () => this.#group.submit(read));
        if ('answer' in committed) return committed.answer;
        const { fallout } = committed;
        if (fallout === 'replayed') throw new Problem('replayed-call');
        if (fallout instanceof Problem) work = () => Promise.reject(fallout);
        else if (fallout === 'key-changed') call = await this.#readmit(call);
        else await delay(5 * 2 ** attempt);
      } catch (error) {
        const problem = problemOf(error);
        const known = problem.code === 'internal' ? await this.#asOfNow(call) : undefined;
        if (!known || known instanceof Problem)
          return refusal(unaudited(known ?? problem), this.#services.origin);
        call = known;
      }
    }
    return refusal(new Problem('overloaded', { retryAfterSeconds: 1 }), this.#services.origin);
  }

  async #prepare(
    call: AuthenticatedCall,
    run: (ctx: CallContext) => Promise<unknown>,
  ): Promise<PendingRead> {
    const ctx = contextOf(this.#services, call, this.#services.db);
    let answer: Draft;
    try {
      answer = success(await this.#limit(() => run(ctx)), ctx.changes);
    } catch (error) {
      const problem = problemOf(error);
      if (problem.status === 503) throw problem;
      this.#onFailure(call, problem);
      answer = refusal(problem, this.#services.origin);
      return { call, caller: ctx.caller, answer, changes: [], effects: noEffects() };
    }
    const { list } = ctx.changes;
    return {
      call,
      caller: ctx.caller,
      answer,
      changes: list,
      commitment: ctx.changes.commitment(),
      effects: ctx.effects,
    };
  }

  /**
   * A row that the database refuses, of a party that left a moment ago: the statement ends before it says that the checks of
   * the party stopped. @returns the call with what is true now, or that its key ended meanwhile; none where nothing changed
   */
  async #asOfNow(call: AuthenticatedCall): Promise<AuthenticatedCall | Problem | undefined> {
    const again = await this.#readmit(call).catch(problemOf);
    if (again instanceof Problem) return again.code === 'key-inactive' ? again : undefined;
    return isStopped(again) !== isStopped(call) ? again : undefined;
  }

  /** The audit statement saw another state of the key than admission: admit again with what is true now. */
  async #readmit(call: AuthenticatedCall): Promise<AuthenticatedCall> {
    this.#keys.forget(call.key.kid);
    return this.#admit(call.compact);
  }
}

const traced =
  (trace: Trace, verify: Verifier): Verifier =>
  (...signed) =>
    trace('signature', async () => verify(...signed));

const isStopped = ({ key }: AuthenticatedCall): boolean => (key as Caller).checksStopped;

const idOf = (call: AuthenticatedCall): { kid: string; jti: string } => ({
  kid: call.key.kid,
  jti: call.payload.jti,
});

/** The last look before an answer leaves: a server that learned meanwhile that it recovers does not give it. */
export const orRecovering = (
  answer: Answer,
  op: string,
  { ledger, origin }: Pick<Services, 'ledger' | 'origin'>,
): Answer => (ledger.mayAnswer(op) ? answer : refusal(recovering(), origin));

/** Refuses a call that the group could not commit: a fault of the store says so, and never more. */
function unaudited(problem: Problem): Problem {
  return problem.code === 'internal'
    ? new Problem('audit-unavailable', { retryAfterSeconds: 2, cause: problem })
    : problem;
}
