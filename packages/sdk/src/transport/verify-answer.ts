import {
  hashBytes,
  parseCompact,
  parseProblem,
  parseStrictJson,
  problemCodes,
  receiptGroupOf,
  verifyReceipt,
  type Json,
  type Problem,
  type ProblemCode,
  type PublicJwk,
  type VerifiedReceipt,
  type Verifier,
} from '@recourse/protocol';
import { failAs, RecourseError } from '../errors.ts';
import { readAnswerBody, verifyChanges, type Answer } from './answer.ts';
import type { RawAnswer } from './post.ts';

/** The request, as the receipt must name it. */
export interface SentCall {
  /** The party, or `case` for an act of a creator */
  readonly iss: string;
  readonly jti: string;
  readonly op: string;
  /** H(request) */
  readonly hash: string;
}

export interface AnswerContext {
  readonly sent: SentCall;
  readonly origin: string;
  /** The receipt key of that kid, as the pinned ledger key announced it */
  readonly receiptKey: (kid: string) => Promise<PublicJwk>;
  readonly verify?: Verifier | undefined;
  /** Further problems that may come without a receipt */
  readonly unreceipted?: ReadonlySet<ProblemCode> | undefined;
  /** Told of every receipt that verified: each promises an entry in the ledger */
  readonly onReceipt?: ((receipt: VerifiedReceipt) => void) | undefined;
}

/**
 * Problems that may come without a receipt: of calls that were not authenticated, of a replay, and of a
 * registry that cannot audit now. Any other problem without one could be anybody's word.
 */
const unreceipted: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'malformed-request',
  'request-timeout',
  'headers-too-large',
  'malformed-call',
  'unknown-key',
  'key-inactive',
  'bad-signature',
  'wrong-audience',
  'clock-skew',
  'too-large',
  'unsupported-media-type',
  'replayed-call',
  'quota-exceeded',
  'internal',
  'overloaded',
  'audit-unavailable',
  'recovering',
]);

/**
 * Turns what came back into an answer, or throws. Body and headers are attacker-controlled until the
 * receipt binds them to the call that was sent.
 * @throws RecourseError the problem's code, `unavailable`, or what is wrong with the answer
 */
export async function verifyAnswer(raw: RawAnswer, context: AnswerContext): Promise<Answer<Json>> {
  if (raw.contentType === 'application/problem+json') throw await readRefusal(raw, context);
  const { status, retryAfterSeconds } = raw;
  if (status >= 500 || status === 429) {
    throw new RecourseError('unavailable', { status, retryAfterSeconds });
  }
  if (status !== 200) throw new RecourseError('answer-invalid', { status });
  const body = readAnswerBody(raw.body);
  const commitment = body.changes && { count: body.changes.count, root: body.changes.root };
  const receipt = await checkReceipt(raw, context, commitment);
  if (!receipt) throw new RecourseError('receipt-invalid', { status });
  if (body.changes) verifyChanges(body.changes);
  return { ...body, receipt };
}

async function readRefusal(raw: RawAnswer, context: AnswerContext): Promise<RecourseError> {
  const { status, retryAfterSeconds } = raw;
  const problem = await failAs('answer-invalid', () =>
    parseProblem(parseStrictJson(raw.body), retryAfterSeconds),
  );
  if (!problem || problemCodes[problem.code].status !== status) {
    return new RecourseError('answer-invalid', { status });
  }
  const receipt = await checkReceipt(raw, context);
  const mayLack = unreceipted.has(problem.code) || context.unreceipted?.has(problem.code);
  if (!receipt && !mayLack) {
    return new RecourseError('receipt-invalid', { status });
  }
  return refusal(problem, receipt);
}

const refusal = (problem: Problem, receipt: VerifiedReceipt | undefined): RecourseError =>
  new RecourseError(problem.code, {
    status: problem.status,
    retryAfterSeconds: problem.retryAfterSeconds,
    issues: problem.issues,
    serverTime: problem.serverTime,
    receipt: receipt?.header,
  });

async function checkReceipt(
  raw: RawAnswer,
  context: AnswerContext,
  changes?: { count: number; root: string },
): Promise<VerifiedReceipt | undefined> {
  const header = raw.receipt;
  if (header === undefined) return undefined;
  const { iss, jti, op, hash } = context.sent;
  const receipt = await failAs('receipt-invalid', async () =>
    verifyReceipt(header, {
      issuer: context.origin,
      jwk: await context.receiptKey(receiptKid(header)),
      ...(context.verify ? { verify: context.verify } : {}),
      leaf: {
        iss,
        jti,
        op,
        req: hash,
        res: hashBytes(raw.body),
        status: raw.status,
        changes,
      },
    }),
  );
  context.onReceipt?.(receipt);
  return receipt;
}

/** Which key signed the group. */
const receiptKid = (header: string): string => parseCompact(receiptGroupOf(header)).kid;
