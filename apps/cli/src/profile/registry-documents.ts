import { publicJwkSchema, publicPart, thumbprint } from '@recourse/protocol';
import { CliError } from '../errors.ts';

const timeoutMs = 15_000;

/** A public document of a registry. Unsigned: what it says counts as far as signatures in it carry it. */
export async function getJson(url: string): Promise<unknown> {
  try {
    const response = await fetch(url, {
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.status !== 200) throw new TypeError(`status ${response.status}`);
    return await response.json();
  } catch (cause) {
    throw new CliError(
      'registry-unreachable',
      {
        message: `${new URL(url).origin} does not answer.`,
        next: 'Check that the registry runs and that the origin or --url is right, then try again.',
      },
      { cause },
    );
  }
}

/** What a registry, or a copy, says of itself. */
export const wellKnown = (url: string): Promise<unknown> => getJson(`${url}/.well-known/recourse`);

/** Thumbprint of the ledger key that a registry says it has. */
export async function ledgerKid(url: string): Promise<string> {
  const { logKey } = (await wellKnown(url)) as { logKey?: unknown };
  const { success, data } = publicJwkSchema.safeParse(logKey);
  if (success) return thumbprint(publicPart(data));
  throw new CliError('registry-answer-invalid', {
    message: `${url} does not say which ledger key it has.`,
    next: 'Check that a registry of this version runs there.',
  });
}
