import {
  generateKey,
  signCompact,
  signerFromJwk,
  toNumericDate,
  type ClaimantAct,
  type ClaimantActPayload,
} from '@recourse/protocol';
import { testOrigin, type TestCaseAnswer, type TestRegistry } from '@recourse/testkit';
import { randomBytes } from 'node:crypto';

/** Of every claimant of these tests, as a browser makes it. */
const signer = await signerFromJwk(await generateKey('ES256'));
export const { publicJwk: signingKey } = signer;

export const newJti = (): string => randomBytes(18).toString('base64url');

/** What a claimant gives up, signed for one call. */
export async function signedAct(
  registry: TestRegistry,
  request: {
    key: string;
    act: ClaimantAct;
    jti: string;
    over?: Partial<ClaimantActPayload>;
    by?: typeof signer;
  },
): Promise<string> {
  const opened = await registry.caseCall('case.open', { code: request.key });
  const { sanction } = opened.body.result.data.case;
  const { act, jti } = request;
  const iat = toNumericDate(registry.now());
  const payload = { iss: 'case', aud: testOrigin, sub: sanction, act, jti, iat, ...request.over };
  return signCompact(request.by ?? signer, 'recourse-claimant-act+jwt', payload);
}

export async function withdrawSigned(registry: TestRegistry, key: string): Promise<TestCaseAnswer> {
  const jti = newJti();
  const act = await signedAct(registry, { key, act: 'withdraw-appeal', jti });
  return registry.caseCall('case.withdrawAppeal', { key, act }, { jti });
}
