import {
  hashText,
  signCompact,
  toNumericDate,
  type ProblemCode,
  type ClaimantAct,
  type ClaimantActPayload,
  type PublicJwk,
  type Signer,
} from '@recourse/protocol';
import { RecourseError } from '../errors.ts';
import { LedgerClient } from '../ledger/ledger-client.ts';
import { memoryLedgerStore } from '../ledger/ledger-store.ts';
import { linkErrors } from '../link-errors.ts';
import { memoryPins, type PinStore } from '../pins.ts';
import { cryptoRandom, randomName, type Random } from '../random.ts';
import { LoggedEntries } from '../registry/logged-entries.ts';
import { PublicDocuments } from '../registry/public-documents.ts';
import { RegistryTrust } from '../registry/registry-trust.ts';
import type { Answer } from '../transport/answer.ts';
import { defaultRetry, howToRetry, sleep, waitBefore, type Retry } from '../transport/backoff.ts';
import { exchange, type Fetch } from '../transport/post.ts';
import { verifyAnswer } from '../transport/verify-answer.ts';
import {
  caseMethods,
  type CaseArguments,
  type CaseMethod,
  type CaseResult,
} from './case-methods.ts';
import { keyFor, memorySigningKeys, withoutNumber, type SigningKeys } from './signing-keys.ts';

/** How one act is sent. */
export interface CaseCallOptions {
  /** Ends the call; it then rejects with the reason of the signal */
  readonly signal?: AbortSignal | undefined;
}

/** Which registry; everything else has a default. */
export interface CaseClientOptions {
  /** The registry, e.g. `https://registry.example` */
  readonly origin: string;
  /** Where to reach the registry, if that is not the origin */
  readonly url?: string | undefined;

  /** Another `fetch`, for proxies and tests */
  readonly fetch?: Fetch | undefined;

  /** Random bytes; by default `crypto.getRandomValues` */
  readonly random?: Random | undefined;
  /** RFC 7638 thumbprint of the ledger key; without it the client keeps the first one that it sees */
  readonly logKid?: string | undefined;
  /** Fingerprint of the witness policy; without it the client keeps the first one that it sees */
  readonly policy?: string | undefined;
  /** Keeps the ledger key seen first; give one that outlives the page */
  readonly pins?: PinStore | undefined;

  /** Waits between attempts; rejects with the reason of the signal */
  readonly sleep?: ((milliseconds: number, signal?: AbortSignal) => Promise<void>) | undefined;
  /**
   * Keeps the signing key of each claimant, made when they enter a case. Signed withdrawals and erasures count at once.
   * Give a store that outlives the program
   */
  readonly signingKeys?: SigningKeys | undefined;
}

/** The creator's side: every operation of a case. Its secrets travel in bodies only. */
export type CaseClient = {
  readonly [M in CaseMethod]: (
    input: CaseArguments<M>,
    options?: CaseCallOptions,
  ) => Promise<CaseResult<M>>;
} & {
  /** Any operation, with the registry's receipt: proof of what the creator sent, and when. */
  call<M extends CaseMethod>(
    method: M,
    input: CaseArguments<M>,
    options?: CaseCallOptions,
  ): Promise<Answer<CaseResult<M>>>;
};

/**
 * Acts on cases of creators, without keys of a party. Verifies the registry's receipt of every answer.
 * @example
 * const cases = caseClient({ origin: 'https://registry.example' });
 * const { case: mine } = await cases.open({ code });
 */
export function caseClient(options: CaseClientOptions): CaseClient {
  const connection = open(options);
  const call: CaseClient['call'] = async (method, input, callOptions) => {
    const answer = await send(connection, { method, input, signal: callOptions?.signal });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the receipt says the registry answered
    return { ...answer, result: answer.result as CaseResult<typeof method> };
  };
  const methods = Object.keys(caseMethods).map((name) => [
    name,
    async (input: object, callOptions?: CaseCallOptions) =>
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a key of the table
      (await send(connection, { method: name as CaseMethod, input, signal: callOptions?.signal }))
        .result,
  ]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- built from the table that is its type
  return linkErrors(connection.origin, { ...Object.fromEntries(methods), call } as CaseClient);
}

interface Connection {
  readonly origin: string;
  readonly url: string;
  readonly fetch: Fetch;
  readonly random: Random;
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  readonly receiptKey: (kid: string) => Promise<PublicJwk>;
  readonly signingKeys: SigningKeys;
}

function open(options: CaseClientOptions): Connection {
  const { origin, url = origin, logKid, policy } = options;
  const common = {
    origin,
    url,
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    random: options.random ?? cryptoRandom,
    sleep: options.sleep ?? sleep,
    signingKeys: options.signingKeys ?? memorySigningKeys(),
  } satisfies Omit<Connection, 'receiptKey'>;
  const pins = options.pins ?? memoryPins();
  const documents = new PublicDocuments({ ...common, retry: defaultRetry });
  const logged = new LoggedEntries(() => ledger, pins);
  const trusted = { ...common, documents, pins, clock: systemTime };
  const trust: RegistryTrust = new RegistryTrust({ ...trusted, logKid, logged });
  const ledger: LedgerClient = new LedgerClient({
    ...trusted,
    policy,
    registry: trust,
    store: memoryLedgerStore(),
    registryTime: systemTime,
  });
  return { ...common, receiptKey: (kid) => trust.receiptKey(kid) };
}

const systemTime = (): Date => new Date();

interface Act {
  readonly method: CaseMethod;
  readonly input: object;
  readonly signal: AbortSignal | undefined;
}

const entering: ReadonlySet<CaseMethod> = new Set(['claim', 'prove', 'ticket', 'accept']);
const givingUp: Partial<Record<CaseMethod, ClaimantAct>> = {
  withdrawAppeal: 'withdraw-appeal',
  requestErasure: 'request-erasure',
};

type Fields = Readonly<Partial<Record<'key' | 'newKey' | 'signingKey' | 'act' | 'keep', unknown>>>;

/** Whoever enters hands in the key that signs what they give up later. */
async function withSigningKey(connection: Connection, act: Act): Promise<Act> {
  const { newKey, signingKey }: Fields = act.input;
  if (!entering.has(act.method) || signingKey !== undefined || typeof newKey !== 'string')
    return act;
  const { publicJwk } = await keyFor(connection.signingKeys, withoutNumber(newKey));
  return { ...act, input: { ...act.input, signingKey: publicJwk } };
}

type Sign = (jti: string) => Promise<string>;

/** Signs an act that gives something up, for the case that the key opens; without the key it waits. */
async function signerOf(connection: Connection, act: Act): Promise<Sign | undefined> {
  const { key, act: given, keep }: Fields = act.input;
  const givenUp = givingUp[act.method];
  if (!givenUp || given !== undefined || keep === true || typeof key !== 'string') return undefined;
  const signer = await connection.signingKeys.get(withoutNumber(key));
  if (!signer) return undefined;
  const opened = await send(connection, { ...act, method: 'open', input: { code: key } });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the receipt says the registry answered
  const { sanction } = (opened.result as CaseResult<'open'>).case;
  const claims = { aud: connection.origin, sub: sanction, act: givenUp };
  return (jti) =>
    signAct(signer, { iss: 'case', ...claims, jti, iat: toNumericDate(systemTime()) });
}

const signAct = (signer: Signer, payload: ClaimantActPayload): Promise<string> =>
  signCompact(signer, 'recourse-claimant-act+jwt', payload);

/** A secret that was replaced has the same key as before. */
async function carryKey({ signingKeys }: Connection, { method, input }: Act): Promise<void> {
  const { key, newKey }: Fields = input;
  if (method !== 'rotate' || typeof key !== 'string' || typeof newKey !== 'string') return;
  const signer = await signingKeys.get(withoutNumber(key));
  if (signer) await signingKeys.set(newKey, signer);
}

/** The bytes of one attempt, and what its receipt must name. */
interface Body {
  readonly jti: string;
  readonly text: string;
}

async function send(connection: Connection, order: Act): Promise<Answer<unknown>> {
  const act = await withSigningKey(connection, order);
  const sign = await signerOf(connection, act);
  const answer = await sendUntilAnswered(connection, act, sign);
  await carryKey(connection, act);
  return answer;
}

async function sendUntilAnswered(
  connection: Connection,
  act: Act,
  sign: Sign | undefined,
): Promise<Answer<unknown>> {
  const policy = defaultRetry;
  const { random } = connection;
  let body = await bodyOf(act, random, sign);
  for (let attempt = 1; ; attempt++) {
    try {
      return await post(connection, act, body);
    } catch (error) {
      if (!(error instanceof RecourseError)) throw error;
      const how = retryOf(error, act.method);
      const { retryAfterSeconds } = error;
      const tooLong = (retryAfterSeconds ?? 0) > policy.maxWaitSeconds;
      if (how === 'never' || tooLong || attempt >= policy.attempts) throw error;
      const wait = waitBefore(attempt, { policy, random, retryAfterSeconds });
      await connection.sleep(wait, act.signal);
      if (how === 'anew') body = await bodyOf(act, random, sign);
    }
  }
}

async function bodyOf({ input }: Act, random: Random, sign: Sign | undefined): Promise<Body> {
  const jti = randomName(random);
  const signed = sign ? { act: await sign(jti) } : {};
  return { jti, text: JSON.stringify({ ...input, ...signed, jti }) };
}

/**
 * As of calls, but that an act has no idempotency key: one that may have taken effect is only ever repeated
 * with the same bytes, which get the first answer. The answer of a find names the identifier and is not
 * kept; asked anew, it does no harm.
 */
function retryOf(error: RecourseError, method: CaseMethod): Retry {
  const mutation = caseMethods[method] === 'mutation';
  const how = howToRetry(error, { mutation, skewSeen: true });
  const nothingDone =
    error.code === 'quota-exceeded' || (method === 'find' && error.code === 'replayed-call');
  return mutation && how === 'anew' && !nothingDone ? 'never' : how;
}

/** Refused before the secret was found to open anything: nobody is known whom a receipt could name. */
const unreceipted: ReadonlySet<ProblemCode> = new Set<ProblemCode>(['not-found', 'invalid-input']);

async function post(connection: Connection, act: Act, body: Body): Promise<Answer<unknown>> {
  const { url, origin, fetch, receiptKey } = connection;
  const op = `case.${act.method}`;
  const raw = await exchange(fetch, {
    url: `${url}/trpc/${op}`,
    method: 'POST',
    contentType: 'application/json',
    body: body.text,
    timeoutSeconds: defaultRetry.timeoutSeconds,
    signal: act.signal,
  });
  const sent = { iss: 'case', jti: body.jti, op, hash: hashText(body.text) };
  const answer = await verifyAnswer(raw, { sent, origin, receiptKey, unreceipted });
  return { ...answer, result: dataOf(answer.result) };
}

/** `{"result":{"data":…}}`, as tRPC wraps it. */
function dataOf(result: unknown): unknown {
  if (typeof result !== 'object' || result === null || !('data' in result)) {
    throw new RecourseError('answer-invalid');
  }
  return result.data;
}
