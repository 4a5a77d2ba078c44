import {
  callSkew,
  fromBase64url,
  fromUtf8,
  inputIssues,
  peekArtefact,
  Problem,
  ProtocolError,
  sanctionStatementSchema,
  toNumericDate,
  verifySignature,
  withdrawalSchema,
  type ArtefactType,
  type OpenedArtefact,
  type SanctionStatement,
  type Withdrawal,
} from '@recourse/protocol';
import { ZodError, type z } from 'zod';
import type { CallContext } from '../context/context.ts';
import { nodeVerifier } from '../kernel/node-crypto.ts';
import { invalid } from '../kernel/refusal.ts';
import { shareSigner, type SignerRow } from './key-store.ts';

interface SignedBy<P> {
  readonly payload: P;
  readonly signer: SignerRow;
}

/** A statement of which nothing counts before `verifyStatement`. */
export type PeekedStatement = OpenedArtefact<SanctionStatement>;

const statementForm = { typ: 'recourse-sanction+jwt', schema: sanctionStatementSchema } as const;

/** Reads a `recourse-sanction+jwt` before its signer is looked up. @throws Problem `invalid-input` */
export const peekStatement = (compact: string): PeekedStatement =>
  refusing('statement', () => peekTerse({ compact, member: 'statement', ...statementForm }));

/**
 * Verifies that an active trust key of the caller's party signed it. @param signer of its `kid`, shared until the
 * commit
 */
export async function verifyStatement(
  ctx: CallContext,
  { jws }: PeekedStatement,
  signer: SignerRow | undefined,
): Promise<SignerRow> {
  const own = ownSigner(ctx, signer, 'statement');
  try {
    await verifySignature(jws, own.jwk, nodeVerifier);
  } catch (error) {
    throw error instanceof ProtocolError ? notOpened(error, 'statement') : error;
  }
  return own;
}

/**
 * Opens a `recourse-withdrawal+jwt` that the caller's party signed by an active trust key, for this registry.
 * @param of `named` how the issues of its claims name it
 */
export async function openWithdrawal(
  ctx: CallContext,
  { compact, named }: { compact: string; named: 'withdrawal' | 'concede' },
): Promise<Withdrawal> {
  const artefact = { compact, member: 'withdrawal', typ: 'recourse-withdrawal+jwt' } as const;
  const { payload } = await openSigned(ctx, artefact, withdrawalSchema);
  assertAddressed(ctx, payload, named);
  return payload;
}

export function assertAddressed(
  ctx: CallContext,
  payload: { readonly iss: string; readonly aud: string; readonly iat: number },
  named: string,
): void {
  if (payload.iss !== ctx.caller.party) throw invalid(`${named}.iss`, 'not-the-caller');
  assertForUs(ctx, payload, named);
}

function assertForUs(
  ctx: CallContext,
  payload: { readonly aud: string; readonly iat: number },
  named: string,
): void {
  if (payload.aud !== ctx.services.origin) throw invalid(`${named}.aud`, 'another-registry');
  if (payload.iat > toNumericDate(ctx.now) + callSkew)
    throw invalid(`${named}.iat`, 'in-the-future');
}

/** The claims of a statement that was verified when it came in. */
export const readStatement = (statement: string): SanctionStatement =>
  peekArtefact(statement, statementForm).payload;

/** The claims of a withdrawal that was verified when it came in. */
export const readWithdrawal = (compact: string): Withdrawal =>
  peekArtefact(compact, { typ: 'recourse-withdrawal+jwt', schema: withdrawalSchema }).payload;

/**
 * Opens what a reviewer signs with the very key that carries the call: its row is shared until the commit, so
 * a key revoked a second ago signs nothing.
 * @throws Problem `invalid-input`
 */
export async function openOwnArtefact<S extends z.ZodType<{ aud: string; iat: number }>>(
  ctx: CallContext,
  artefact: Artefact,
  schema: S,
): Promise<z.output<S>> {
  const { caller } = ctx;
  const { payload } = await open({ ...artefact, schema }, (kid) => {
    if (kid !== caller.kid) throw invalid(artefact.member, 'not-own-key');
    return caller;
  });
  assertForUs(ctx, payload, artefact.member);
  return payload;
}

/**
 * Who carries a call proves nothing about who signs: the artefact's own key must be a trust key of the
 * caller's party and live now, whatever `iat` says. Its row stays shared until the commit.
 */
export const openSigned = <S extends z.ZodType>(
  ctx: CallContext,
  artefact: Artefact,
  schema: S,
): Promise<SignedBy<z.output<S>>> =>
  open({ ...artefact, schema }, async (kid) =>
    ownSigner(ctx, await shareSigner(ctx.db, kid), artefact.member),
  );

/** A key of another party answers like none: kids of others are not to be probed here. */
function ownSigner(ctx: CallContext, signer: SignerRow | undefined, member: string): SignerRow {
  if (signer?.party !== ctx.caller.party) throw invalid(member, 'unknown-signer');
  assertTrusted(signer);
  return signer;
}

interface Artefact {
  readonly compact: string;
  /** Its member of the input */
  readonly member: string;
  readonly typ: ArtefactType;
}

/** Opens an artefact by the key that `signerOf` finds for its `kid`. */
async function open<S extends z.ZodType, K extends { readonly jwk: SignerRow['jwk'] }>(
  { compact, member, typ, schema }: Artefact & { readonly schema: S },
  signerOf: (kid: string) => K | Promise<K>,
): Promise<{ payload: z.output<S>; signer: K }> {
  try {
    const { jws, payload } = peekTerse({ compact, member, typ, schema });
    const signer = await signerOf(jws.kid);
    await verifySignature(jws, signer.jwk, nodeVerifier);
    return { payload, signer };
  } catch (error) {
    throw error instanceof ProtocolError ? notOpened(error, member) : error;
  }
}

function peekTerse<S extends z.ZodType>(
  artefact: Artefact & { readonly schema: S },
): OpenedArtefact<z.output<S>> {
  const peeked = peekArtefact(artefact.compact, artefact);
  assertTerse(artefact.compact, artefact.member);
  return peeked;
}

function refusing<T>(member: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof ProtocolError ? notOpened(error, member) : error;
  }
}

/**
 * Artefacts are disclosed byte for byte, so they are JSON without white space, and with one spelling of each
 * value: between its members a submitter could otherwise write kilobytes to whoever matches.
 */
export function assertTerse(compact: string, member: string): void {
  if (!isTerse(compact)) throw invalid(member, 'not-terse');
}

function isTerse(compact: string): boolean {
  const parts = compact.split('.').slice(0, 2);
  return parts.every((part) => {
    const text = fromUtf8(fromBase64url(part));
    return JSON.stringify(JSON.parse(text)) === text;
  });
}

export function assertTrusted(signer: Pick<SignerRow, 'role' | 'revoked_at'>): void {
  if (signer.role !== 'trust') throw new Problem('role-not-allowed');
  if (signer.revoked_at) throw new Problem('key-inactive');
}

/** Returns what a caller is told of an artefact that does not open. */
export function notOpened(error: ProtocolError, member: string): Problem {
  if (!(error.cause instanceof ZodError)) return invalid(member, error.code);
  return new Problem('invalid-input', { issues: inputIssues(error.cause, [member]) });
}
