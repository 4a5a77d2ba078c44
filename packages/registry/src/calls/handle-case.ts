import {
  caseOps,
  isCaseOpName,
  isJsonObject,
  parseStrictJson,
  Problem,
  toNumericDate,
  type CaseOpName,
} from '@recourse/protocol';
import { invalid } from '../kernel/refusal.ts';
import {
  caseContextOf,
  WrongSecret,
  type CaseContext,
  type Mail,
  type TextCode,
} from '../cases/context.ts';
import { notMailed } from '../cases/contact.ts';
import { prepareCase } from '../cases/control.ts';
import { isPublished } from '../cases/token-lookups.ts';
import { countGuess } from '../cases/guesses.ts';
import type { Services, Limit } from '../context/context.ts';
import { nodeHash } from '../kernel/node-crypto.ts';
import { problemOf, refusal, type Answer } from '../commit/answer.ts';
import type { AuditedCall } from '../commit/audit-row.ts';
import { orRecovering, unlimited, untraced, type Trace } from './handle-call.ts';
import { commitMutation } from './mutation.ts';
import { storedAnswerOf } from './stored-answer.ts';

export type RunCaseProcedure = (
  op: CaseOpName,
  ctx: CaseContext,
  input: unknown,
) => Promise<unknown>;

export interface CaseHandlerOptions {
  /** The pool alone bounds where none is given */
  readonly limit?: Limit;
  /** Told of refusals and of mails that could not be sent; never of inputs */
  readonly onFailure?: (op: string, problem: Problem) => void;
  readonly trace?: Trace;
}

export interface CaseAnswer extends Answer {
  /** The secret opened nothing: whoever sent it is charged for a guess */
  readonly guessed: boolean;
}

/** Messages that go out once an act is committed. */
interface Outbox {
  readonly mails: readonly Mail[];
  readonly texts: readonly TextCode[];
}

const nothingSent: Outbox = { mails: [], texts: [] };

/** Under which creators stand in the audit: whoever has the secret. */
const caller = 'case';
const lifetimeSeconds = 120;

/** Bodies hold secrets, so none is kept with a case, sealed or not. */
const nothingKept: ReadonlySet<string> = new Set();

/**
 * One act of a creator, from body to answer. Nobody signs it: the secret in the body is all that there is, so
 * the body is hashed, never kept, and a wrong secret is audited with those of others (`cases/guesses.ts`).
 */
export class CaseHandler {
  readonly #services: Services;
  readonly #run: RunCaseProcedure;
  readonly #limit: Limit;
  readonly #trace: Trace;
  readonly #onFailure: CaseHandlerOptions['onFailure'];

  constructor(services: Services, run: RunCaseProcedure, options: CaseHandlerOptions) {
    this.#services = services;
    this.#run = run;
    this.#limit = options.limit ?? unlimited;
    this.#trace = options.trace ?? untraced;
    this.#onFailure = options.onFailure;
  }

  /** @param path the operation of the URL, attacker-controlled like the body */
  async handle(path: string, body: Uint8Array): Promise<CaseAnswer> {
    const services = this.#services;
    try {
      if (!isCaseOpName(path)) throw new Problem('not-found');
      services.ledger.admit(path);
      // Whoever only reads their case reaches it all the same.
      if (caseOps[path].kind === 'mutation') services.ledger.assertClock();
      const answer = await this.#act(path, callOf(path, body, services));
      const last = orRecovering(answer, path, services);
      return { ...last, guessed: last === answer && answer.guessed };
    } catch (error) {
      return { ...refusal(problemOf(error), services.origin), guessed: false };
    }
  }

  async #act(op: CaseOpName, call: AuditedCall): Promise<CaseAnswer> {
    const services = this.#services;
    let wrong = false;
    const { answer, ...sending } = await this.#commit(op, call, (problem) => {
      wrong ||= problem instanceof WrongSecret;
      this.#onFailure?.(op, problem);
    });
    if (!wrong) {
      await this.#send(op, sending);
      return { ...answer, guessed: false };
    }
    return this.#limit(async () => {
      // A key that was rotated, or a proof that was used, by this very body.
      const earlier = await storedAnswerOf(services, call);
      if (earlier?.req === call.hash) return { ...answerIn(earlier), guessed: false };
      const receipt = await countGuess(services, { call, answer });
      return { ...answer, ...(receipt === undefined ? {} : { receipt }), guessed: true };
    });
  }

  async #commit(
    op: CaseOpName,
    call: AuditedCall,
    onFailure: (problem: Problem) => void,
  ): Promise<{ answer: Answer } & Outbox> {
    const services = this.#services;
    const input = call.payload.in;
    // What takes longer than a transaction may: a look into the DNS, an evaluation.
    const prepared = settled(prepareCase({ services, limit: this.#limit }, op, input));
    await prepared;
    let sending: Outbox = nothingSent;
    const commit = (): Promise<Answer> =>
      commitMutation({
        call,
        services,
        run: async (db) => {
          const ctx = caseContextOf(services, { call, db, proven: (await prepared)() });
          // As tRPC wraps it: a client of the public procedures reads both alike.
          const result = { data: await this.#run(op, ctx, input) };
          sending = ctx;
          return { result, ctx: { changes: ctx.changes, retainCallFor: nothingKept } };
        },
        isLive: () => Promise.resolve(true),
        answerOfIdem: () => Promise.resolve(undefined),
        keepsAnswer: keepsAnswer(op),
        // Of a creator's act its `jti` is all that makes it one: a failure here is no answer to keep under it.
        passesBy: (problem) => problem instanceof WrongSecret || problem.code === 'internal',
        onFailure,
        countRefusal: () => Promise.resolve(),
        onKeyChanged: () => {},
      });
    const answer = await this.#limit(() => this.#trace('transaction', commit));
    const { mails, texts } = answer.status === 200 ? sending : nothingSent;
    return { answer, mails, texts };
  }

  async #send(op: CaseOpName, { mails, texts }: Outbox): Promise<void> {
    const services = this.#services;
    for (const text of texts) {
      const of = { kind: 'phone', canonical: text.to } as const;
      services.proofs.textCode({ ...text, isSought: () => isPublished(services, of) });
    }
    for (const mail of mails) {
      try {
        await services.proofs.mailCode(mail);
      } catch {
        // No cause: what a mail server says quotes the address.
        this.#onFailure?.(op, new Problem('internal', { detail: 'mail-not-sent' }));
        await this.#limit(() => notMailed(services, mail));
      }
    }
  }
}

/** The answer to `case.find` names the identifier, in what a DNS record or a signature is asked for. */
const keepsAnswer = (op: CaseOpName): boolean =>
  caseOps[op].kind === 'mutation' && op !== 'case.find';

const answerIn = ({ status, contentType, body, receipt }: Answer): Answer => ({
  status,
  contentType,
  body,
  ...(receipt === undefined ? {} : { receipt }),
});

/** A refusal while preparing is thrown where the act would have thrown it, and audited like that. */
async function settled<T>(work: Promise<T>): Promise<() => T> {
  try {
    const value = await work;
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/** @throws Problem `malformed-call` for what is no JSON object, `invalid-input` for one without a `jti` */
function callOf(op: CaseOpName, body: Uint8Array, { clock }: Services): AuditedCall {
  const input = objectIn(body);
  const jti = input['jti'];
  if (typeof jti !== 'string' || !/^[A-Za-z0-9_-]{22,64}$/.test(jti)) {
    throw invalid('jti', 'malformed');
  }
  const compact = Buffer.from(body).toString('utf8');
  const exp = toNumericDate(clock()) + lifetimeSeconds;
  return {
    key: { kid: caller },
    payload: { iss: caller, jti, op, exp, in: input },
    compact,
    hash: nodeHash(compact),
    keptJti: nodeHash(jti),
  };
}

function objectIn(body: Uint8Array) {
  try {
    const json = parseStrictJson(body);
    if (isJsonObject(json)) return json;
  } catch {
    // Said below: what was sent is not repeated.
  }
  throw new Problem('malformed-call');
}
