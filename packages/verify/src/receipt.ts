import {
  callsEntry,
  openArtefact,
  openReceiptGroup,
  peekArtefact,
  ProtocolError,
  receiptGroupSchema,
  registryKeySchema,
  thumbprint,
  type Entry,
  type PublicJwk,
} from '@recourse/protocol';
import { VerifyError } from './errors.ts';
import type { LogSource } from './log-source.ts';
import { logJwk, memberOf, type TrustedLog } from './trusted-log.ts';

const askEveryMs = 1_000;

/** A receipt of a call, unverified. */
export interface GivenReceipt {
  readonly jws: string;
  readonly kid: string;
}

/** The entry that a receipt promises to be in the ledger within `mmd` seconds. */
export interface PromisedEntry {
  readonly entry: Entry;
  /** Leaf hash, base64url */
  readonly leaf: string;
  readonly mmd: number | undefined;
}

/** Reads a `Recourse-Receipt` header, `<index>.<path>.<group JWS>`. @returns undefined for anything else */
export function readReceipt(header: string): GivenReceipt | undefined {
  const jws = header.trim().split('.').slice(2).join('.');
  try {
    const expected = { typ: 'recourse-receipt+jwt', schema: receiptGroupSchema } as const;
    return { jws, kid: peekArtefact(jws, expected).jws.kid };
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

/**
 * Opens a receipt under a receipt key that the log key announced.
 * @param of `document` is `/.well-known/recourse`
 * @throws VerifyError `receipt-invalid`
 */
export async function verifyReceipt(
  { jws, kid }: GivenReceipt,
  trust: { log: TrustedLog; document: unknown },
): Promise<PromisedEntry> {
  const jwk = await receiptKey(kid, trust);
  const group = await refusing(() => openReceiptGroup(jws, { issuer: trust.log.origin, jwk }));
  return { entry: callsEntry(group), leaf: group.entry, mmd: group.mmd };
}

/**
 * The proof of the promised entry, as soon as the ledger has it. The `mmd` seconds count from now, by this clock.
 * @throws VerifyError `not-promised`, `merge-delay-exceeded`
 */
export async function promisedProof(
  { leaf, mmd }: PromisedEntry,
  source: LogSource,
): Promise<Uint8Array> {
  const until = performance.now() + (mmd ?? 0) * 1000;
  for (;;) {
    const proof = await source.proof(leaf);
    if (proof !== undefined) return proof;
    if (performance.now() >= until) {
      throw new VerifyError(mmd === undefined ? 'not-promised' : 'merge-delay-exceeded', 'receipt');
    }
    await new Promise((resolve) => setTimeout(resolve, askEveryMs));
  }
}

/** Announcements are believed as far as the log key signed them. */
async function receiptKey(
  kid: string,
  { log, document }: { log: TrustedLog; document: unknown },
): Promise<PublicJwk> {
  const keys = memberOf(document, 'keys');
  for (const announced of Array.isArray(keys) ? keys : []) {
    const statement = memberOf(announced, 'statement');
    if (typeof statement !== 'string') continue;
    const { payload } = await refusing(() =>
      openArtefact(statement, {
        typ: 'recourse-registry-key+jwt',
        schema: registryKeySchema,
        jwk: logJwk(log.policy),
      }),
    );
    const { aud, use, jwk } = payload;
    if (aud === log.origin && use === 'receipt' && thumbprint(jwk) === kid) return jwk;
  }
  throw new VerifyError('receipt-invalid', 'receipt');
}

async function refusing<T>(check: () => Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause;
    throw new VerifyError('receipt-invalid', 'receipt', { cause });
  }
}
