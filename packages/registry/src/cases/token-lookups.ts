import { blind, finalize, ready, token, tokenInput } from '@recourse/blind';
import { fromBase64url, toBase64url, type IdentifierKind } from '@recourse/protocol';
import type { Services, TokenEpoch } from '../context/context.ts';
import type { TokenLookup } from './context.ts';

interface Identifier {
  readonly kind: IdentifierKind;
  readonly canonical: string;
}

/** The tokens of an identifier under every live epoch, for as long as a call takes: neither is kept. */
export async function tokensOf(
  services: Pick<Services, 'tokens'>,
  { kind, canonical }: Identifier,
): Promise<{ epoch: number; token: string }[]> {
  await ready();
  const input = tokenInput(kind, canonical);
  return Promise.all(
    services.tokens.epochs().map(async (epoch) => ({
      epoch: epoch.epoch,
      token: await tokenOf(services, epoch, input),
    })),
  );
}

/**
 * The tokens of a proven identifier under every live epoch, as the database knows them. Neither identifier nor
 * token outlives this function: blinded here, evaluated by the service that holds the key, and unblinded here.
 */
export async function tokenLookups(
  services: Pick<Services, 'tokens' | 'vault'>,
  identifier: Identifier,
): Promise<TokenLookup[]> {
  const tokens = await tokensOf(services, identifier);
  return tokens.map(({ epoch, token }) => ({ epoch, lookup: services.vault.lookup(token) }));
}

/** True where the published set of any live epoch has the prefix of an identifier: of others nothing is recorded. */
export async function isPublished(
  services: Pick<Services, 'tokens' | 'published' | 'db'>,
  { kind, canonical }: Identifier,
): Promise<boolean> {
  await ready();
  const input = tokenInput(kind, canonical);
  const { published } = services;
  // The sets as members hold them now.
  await published.falseHitShare(services.db);
  for (const epoch of services.tokens.epochs()) {
    const token = await tokenOf(services, epoch, input);
    if (published.holds({ epoch: epoch.epoch, token })) return true;
  }
  return false;
}

async function tokenOf(
  { tokens }: Pick<Services, 'tokens'>,
  { epoch, publicKey }: TokenEpoch,
  input: Uint8Array,
): Promise<string> {
  const blinded = blind([input]);
  const { elements, proof } = await tokens.evaluate(epoch, blinded.blinded.map(toBase64url));
  const [output] = finalize({
    ...blinded,
    inputs: [input],
    evaluated: elements.map(fromBase64url),
    proof: fromBase64url(proof),
    publicKey: fromBase64url(publicKey),
  });
  return toBase64url(token(output!));
}
