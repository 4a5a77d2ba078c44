import {
  inputIssues,
  ops,
  type CallPayload,
  type Json,
  type OpInput,
  type OpName,
  type OpOutput,
  type Operation,
  type PublicJwk,
  type Role,
  type VerifiedReceipt,
  type Verifier,
} from '@recourse/protocol';
import { RecourseError } from '../errors.ts';
import { randomName, type Random } from '../random.ts';
import { chooseSigner, type Signers } from '../signers.ts';
import type { Answer } from './answer.ts';
import { howToRetry, waitBefore, type RetryPolicy } from './backoff.ts';
import { exchange, type Fetch } from './post.ts';
import { prepareCall, type Intent, type PreparedCall } from './prepared-call.ts';
import { verifyAnswer } from './verify-answer.ts';

/** How one call is sent. */
export interface CallOptions {
  /** Ends the call; it then rejects with the reason of the signal */
  readonly signal?: AbortSignal | undefined;
  /** Idempotency key of a mutation, 1..255 characters; random by default */
  readonly idem?: string | undefined;
  /** Sign the call with the key of this role, if the input needs it */
  readonly as?: Role | undefined;
}

export interface TransportOptions {
  readonly origin: string;
  readonly url: string;
  readonly party: string;
  readonly signers: Signers;
  readonly fetch: Fetch;
  readonly clock: () => Date;
  readonly random: Random;
  readonly retry: RetryPolicy;
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  readonly receiptKey: (kid: string) => Promise<PublicJwk>;
  readonly verify?: Verifier | undefined;
  /** Made after this: what it reads, it reads by the clock of this */
  readonly ledger: () => CallLedger;
}

/** The ledger, as far as calls need it. */
export interface CallLedger {
  /** Before anything is sent; throws what was found out about the registry since */
  admit(op: OpName): Promise<void>;
  /** The newest checkpoint that was verified */
  readonly checkpoint: CallPayload['cp'];
  promised(receipt: VerifiedReceipt): void;
}

/** Sends signed calls and returns verified answers. Owns the one mutable thing: the offset of the clocks. */
export class Transport {
  readonly #options: TransportOptions;
  /** Milliseconds the registry's clock is ahead of ours, as a `clock-skew` problem told. */
  #offset = 0;

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  /** The registry's time as far as it is known. */
  now(): Date {
    return new Date(this.#options.clock().getTime() + this.#offset);
  }

  /**
   * Signs, posts and verifies one operation; tries again where that is safe, with one effect.
   * @throws RecourseError
   */
  async send<N extends OpName>(
    op: N,
    input: OpInput<N>,
    options?: CallOptions,
  ): Promise<Answer<OpOutput<N>>> {
    const answer = await this.sendUntyped(op, input, options);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- parsed by the schema of this op
    return { ...answer, result: answer.result as OpOutput<N> };
  }

  /** `send`, for a caller that knows the operation by name only. */
  async sendUntyped(
    op: OpName,
    input: unknown,
    options: CallOptions = {},
  ): Promise<Answer<unknown>> {
    const operation: Operation = ops[op];
    const intent: Intent = {
      op,
      input: readInput(operation, input),
      signer: chooseSigner(this.#options.signers, op, options.as),
      idem:
        operation.kind === 'mutation'
          ? (options.idem ?? randomName(this.#options.random))
          : undefined,
    };
    const answer = await this.#deliver(intent, options.signal);
    const result = operation.output.safeParse(answer.result);
    if (!result.success) throw new RecourseError('answer-invalid', { cause: result.error });
    return { ...answer, result: result.data };
  }

  async #deliver(intent: Intent, signal: AbortSignal | undefined): Promise<Answer<Json>> {
    const { retry, random, sleep, ledger } = this.#options;
    await ledger().admit(intent.op);
    let call = await this.#prepare(intent);
    let skewSeen = false;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#exchange(call, signal);
      } catch (error) {
        if (!(error instanceof RecourseError)) throw error;
        const how = howToRetry(error, { mutation: intent.idem !== undefined, skewSeen });
        const { retryAfterSeconds } = error;
        const tooLong = (retryAfterSeconds ?? 0) > retry.maxWaitSeconds;
        if (how === 'never' || tooLong || attempt >= retry.attempts) throw error;
        if (error.code === 'clock-skew') skewSeen = this.#adjustClock(error);
        else await sleep(waitBefore(attempt, { policy: retry, random, retryAfterSeconds }), signal);
        if (how === 'anew' || call.expiresAt <= this.now()) call = await this.#prepare(intent);
      }
    }
  }

  async #exchange(call: PreparedCall, signal: AbortSignal | undefined): Promise<Answer<Json>> {
    const { fetch, url, retry, party, ledger } = this.#options;
    const { jti, hash } = call;
    const raw = await exchange(fetch, {
      url: `${url}/call/${call.intent.op}`,
      method: 'POST',
      contentType: 'application/jose',
      body: call.compact,
      timeoutSeconds: retry.timeoutSeconds,
      signal,
    });
    const sent = { iss: party, jti, op: call.intent.op, hash };
    const onReceipt = (receipt: VerifiedReceipt): void => ledger().promised(receipt);
    return verifyAnswer(raw, { ...this.#options, sent, onReceipt });
  }

  #prepare(intent: Intent): Promise<PreparedCall> {
    const { party, origin, random, ledger } = this.#options;
    const { checkpoint } = ledger();
    return prepareCall(intent, { party, origin, random, now: this.now(), checkpoint });
  }

  #adjustClock(error: RecourseError): true {
    const serverTime = error.serverTime?.getTime();
    if (serverTime !== undefined) this.#offset = serverTime - this.#options.clock().getTime();
    return true;
  }
}

/** Refuses with the registry's own code and schema what it would refuse, before anything is signed. */
function readInput(operation: Operation, input: unknown): Intent['input'] {
  const parsed = operation.input.safeParse(input);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- inputs of the op table are JSON objects
  if (parsed.success) return parsed.data as Intent['input'];
  throw new RecourseError('invalid-input', { issues: inputIssues(parsed.error) });
}
