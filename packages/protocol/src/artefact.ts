import type { z } from 'zod';
import { ProtocolError } from './errors.ts';
import {
  assertType,
  parseCompact,
  payloadOf,
  verifySignature,
  type ArtefactType,
  type CompactJws,
  type Verifier,
} from './jws.ts';
import type { PublicJwk } from './jwk.ts';

/** An artefact whose payload has its schema, with the JWS that carried it. */
export interface OpenedArtefact<P> {
  readonly jws: CompactJws;
  readonly payload: P;
}

/**
 * Opens one signed artefact of one type with one key: canonical form, signature, strict JSON, typ, schema.
 * @throws ProtocolError with the first check that failed
 */
export async function openArtefact<S extends z.ZodType>(
  compact: string,
  expected: { typ: ArtefactType; schema: S; jwk: PublicJwk; verify?: Verifier | undefined },
): Promise<OpenedArtefact<z.output<S>>> {
  const jws = parseCompact(compact);
  await verifySignature(jws, expected.jwk, expected.verify);
  return { jws, payload: readPayload(jws, expected) };
}

/** Reads a payload before its signer is known: for artefacts that name the key to look up. Nothing is verified. */
export function peekArtefact<S extends z.ZodType>(
  compact: string,
  expected: { typ: ArtefactType; schema: S },
): OpenedArtefact<z.output<S>> {
  const jws = parseCompact(compact);
  return { jws, payload: readPayload(jws, expected) };
}

function readPayload<S extends z.ZodType>(
  jws: CompactJws,
  expected: { typ: ArtefactType; schema: S },
): z.output<S> {
  const json = payloadOf(jws);
  assertType(jws, expected.typ);
  const parsed = expected.schema.safeParse(json);
  if (!parsed.success) {
    throw new ProtocolError('payload-invalid', `not the payload of a ${expected.typ}`, {
      cause: parsed.error,
    });
  }
  return parsed.data;
}
