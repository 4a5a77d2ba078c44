import { randomBytes } from 'node:crypto';
import { signCall, type OpInput, type OpName, type Signer } from '@recourse/protocol';
import type { LoadRequest } from './load/load.ts';
import type { Stage, StageKey } from './stage.ts';

export interface SignedRequest<N extends OpName> {
  readonly by: { readonly key: StageKey; readonly signer: Signer };
  readonly op: N;
  readonly in: OpInput<N>;
}

/** One signed call as a request to send: it lives for two minutes. */
export async function signedRequest<N extends OpName>(
  stage: Stage,
  { by, op, in: input }: SignedRequest<N>,
): Promise<Required<LoadRequest>> {
  const iat = Math.floor(Date.now() / 1000);
  const body = await signCall(by.signer, {
    iss: by.key.party,
    aud: stage.origin,
    iat,
    exp: iat + 120,
    jti: randomBytes(18).toString('base64url'),
    op,
    in: input as never,
  });
  return { path: `/call/${op}`, contentType: 'application/jose', body };
}

/** Makes one call to set the stage, and returns its result. */
export async function call<N extends OpName>(
  stage: Stage,
  request: SignedRequest<N>,
): Promise<unknown> {
  const { path, contentType, body } = await signedRequest(stage, request);
  const answer = await fetch(new URL(path, stage.signedUrl), {
    method: 'POST',
    headers: { 'Content-Type': contentType },
    body,
  });
  const text = await answer.text();
  if (answer.status !== 200)
    throw new Error(`${request.op} was answered ${answer.status}: ${text}`);
  return (JSON.parse(text) as { result: unknown }).result;
}
