import { blind, finalize, ready, token, tokenInput } from '@recourse/blind';
import { fromBase64url, toBase64url } from '@recourse/protocol';
import { canonicalize } from '@recourse/protocol/identifiers';
import { firstEpoch } from '../keys/epoch-keys.ts';
import { ServerError } from '../errors.ts';
import type { SandboxKey, SandboxRegistry } from './sandbox-registry.ts';
import type { SampleIdentifier } from './samples.ts';

/** Tokens of a sample's identifiers, by the same blind evaluation that every platform makes. */
export async function sampleTokens(
  registry: SandboxRegistry,
  service: SandboxKey,
  identifiers: readonly SampleIdentifier[],
): Promise<string[]> {
  await ready();
  const inputs = identifiers.map(({ kind, raw }) => tokenInput(kind, canonicalize(kind, raw)));
  const { blinds, blinded } = blind(inputs);
  const { evaluated } = await registry.call(service, 'checks.evaluate', {
    in: { purpose: 'safety-review', epochs: [firstEpoch], blinded: blinded.map(toBase64url) },
  });
  const [batch] = evaluated;
  const live = registry.services.tokens.epochs().find(({ epoch }) => epoch === firstEpoch);
  if (!batch || !live) throw new ServerError('sandbox_failed', 'No token could be evaluated.');
  const outputs = finalize({
    inputs,
    blinds,
    blinded,
    evaluated: batch.elements.map(fromBase64url),
    proof: fromBase64url(batch.proof),
    publicKey: fromBase64url(live.publicKey),
  });
  return outputs.map((output) => toBase64url(token(output)));
}
