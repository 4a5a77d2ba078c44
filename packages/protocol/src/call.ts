import { z } from 'zod';
import { ProtocolError } from './errors.ts';
import { hashText } from './hash.ts';
import { isJsonObject, type Json } from './json.ts';
import { algOf, type PublicJwk } from './jwk.ts';
import {
  assertType,
  parseCompact,
  payloadOf,
  signCompact,
  verifySignature,
  type CompactJws,
  type Signer,
  type Verifier,
} from './jws.ts';
import { Problem, type ProblemIssue } from './problems.ts';
import type { PartyId, Role } from './roles.ts';
import { b64u32, fromNumericDate, numericDate } from './schemas.ts';

/** Seconds a call may live, and how far its `iat` may lie from the registry's clock (protocol, section 1). */
export const callLifetime = 120;
export const callAge = 120;
export const callSkew = 10;

/**
 * Without control characters: op and idem are the caller's text that goes into the tables of every call, and
 * a NUL, which PostgreSQL takes in no text, would fail the group commit of everyone who shares it.
 */
const printable = /^\P{Cc}*$/u;

/** The payload of a call (protocol, section 1). */
export const callPayloadSchema = z.strictObject({
  iss: z.string(),
  aud: z.string(),
  iat: numericDate,
  exp: numericDate,
  jti: z.string().regex(/^[A-Za-z0-9_-]{22,64}$/),
  op: z.string().max(64).regex(printable),
  // `parseStrictJson` made it: each operation has a schema of its own for what is in it.
  in: z.record(z.string(), z.unknown() as z.ZodType<Json>),
  idem: z.string().min(1).max(255).regex(printable).optional(),
  cp: z.strictObject({ size: z.int().min(0), root: b64u32 }).optional(),
});
export type CallPayload = z.infer<typeof callPayloadSchema>;

/** A key, as the registry knows it when it admits a call. */
export interface KeyRecord {
  readonly kid: string;
  readonly jwk: PublicJwk;
  readonly party: PartyId;
  readonly holder: string;
  readonly role: Role;
  readonly admin: boolean;
  readonly activeFrom: Date;
  readonly revokedAt?: Date | undefined;
}

/** A call that passed every check of section 1 up to and including its times: *authenticated*. */
export interface AuthenticatedCall {
  readonly key: KeyRecord;
  readonly payload: CallPayload;
  readonly compact: string;
  /** H(call) */
  readonly hash: string;
}

/** The registry's origin, its clock, and the keys that it knows. */
export interface AdmitOptions {
  readonly audience: string;
  readonly now: Date;
  lookup(kid: string): Promise<KeyRecord | undefined> | KeyRecord | undefined;
  readonly verify?: Verifier;
  /** SHA-256 of text as base64url, where something faster than the portable one is at hand */
  readonly hash?: (text: string) => string;
}

/** Signs a call: the compact JWS to send. */
export const signCall = (signer: Signer, payload: CallPayload): Promise<string> =>
  signCompact(signer, 'recourse-call+jwt', payload);

/**
 * Admits attacker-controlled bytes as a call, in the normative order of section 1, stopping at the first
 * failure. The caller has limited source and size before, and checks op, role, input and replay after.
 * @throws Problem 400 malformed-call; 401 unknown-key, bad-signature, wrong-audience, key-inactive, clock-skew
 */
export async function admitCall(
  compact: string,
  options: AdmitOptions,
): Promise<AuthenticatedCall> {
  const jws = refuseAs('malformed-call', () => parseCompact(compact));
  const key = await options.lookup(jws.kid);
  if (!key) throw new Problem('unknown-key');
  if (jws.alg !== algOf(key.jwk)) throw new Problem('bad-signature');
  try {
    await verifySignature(jws, key.jwk, options.verify);
  } catch (cause) {
    throw new Problem('bad-signature', { cause, issues: issuesOf(cause) });
  }
  const payload = refuseAs('malformed-call', () => readCall(jws));
  assertAddressed(payload, key, options);
  return { key, payload, compact, hash: (options.hash ?? hashText)(compact) };
}

/** Names faults that the caller can mend in how it signs. Nothing else is said of a signature that does not verify. */
const issuesOf = (cause: unknown): ProblemIssue[] | undefined =>
  cause instanceof ProtocolError && cause.code === 'signature-high-s'
    ? [{ path: 'signature', code: 'high-s' }]
    : undefined;

/**
 * Opens a call that was kept, long after its times: its signature and its form, and nothing that was decided then.
 * @throws ProtocolError
 */
export async function openKeptCall(
  compact: string,
  { jwk, verify }: { jwk: PublicJwk; verify?: Verifier | undefined },
): Promise<CallPayload> {
  const jws = parseCompact(compact);
  if (jws.alg !== algOf(jwk)) throw new ProtocolError('signature-invalid', 'alg of another key');
  await verifySignature(jws, jwk, verify);
  try {
    return readCall(jws);
  } catch (cause) {
    throw new ProtocolError('payload-invalid', 'no call', { cause });
  }
}

function readCall(jws: CompactJws): CallPayload {
  const json = payloadOf(jws);
  assertType(jws, 'recourse-call+jwt');
  if (!isJsonObject(json)) throw new ProtocolError('payload-invalid', 'not an object');
  return callPayloadSchema.parse(json);
}

function assertAddressed(payload: CallPayload, key: KeyRecord, options: AdmitOptions): void {
  if (payload.aud !== options.audience) throw new Problem('wrong-audience');
  if (payload.iss !== key.party) throw new Problem('bad-signature');
  const issued = fromNumericDate(payload.iat);
  // The registry's clock decides whether the key lives; the caller's iat could be chosen before a revocation.
  if (issued < floorToSecond(key.activeFrom) || key.revokedAt) throw new Problem('key-inactive');
  const age = options.now.getTime() / 1000 - payload.iat;
  const lifetime = payload.exp - payload.iat;
  if (lifetime > callLifetime || lifetime <= 0) throw new Problem('malformed-call');
  // Replays are remembered until exp + 10 s; a call accepted after that could be accepted twice.
  const expired = age > lifetime + callSkew;
  if (age > callAge || age < -callSkew || expired) {
    throw new Problem('clock-skew', { serverTime: options.now });
  }
}

const floorToSecond = (date: Date): Date => new Date(Math.floor(date.getTime() / 1000) * 1000);

function refuseAs<T>(code: 'malformed-call', read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new Problem(code, { cause });
  }
}
