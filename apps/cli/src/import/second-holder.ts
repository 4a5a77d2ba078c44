import { resolve } from 'node:path';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import type { Identity } from '../profile/identity.ts';
import { readKeyFile } from '../profile/key-file.ts';
import { fileExists } from '../profile/private-file.ts';
import { resolveIdentity } from '../profile/resolve-identity.ts';

/**
 * The second trust holder by key file, by profile, or in a sandbox by `Harbour:admin`. The registry compares the
 * holders; here only the keys are.
 */
export async function secondHolder(
  { options, environment }: Context,
  { named, first }: { named: string | undefined; first: Identity },
): Promise<Identity | undefined> {
  if (named === undefined) return undefined;
  const second = fileExists(resolve(named))
    ? { ...first, keys: { trust: await readKeyFile(resolve(named)) } }
    : await resolveIdentity(
        options.sandbox === undefined ? { ...options, profile: named } : { ...options, as: named },
        environment,
      );
  if (
    second.party !== first.party ||
    second.keys.trust?.signer.kid === first.keys.trust?.signer.kid
  ) {
    throw new CliError('usage', {
      message: '--confirm-with names no second trust holder of the same party.',
      next: 'Name the key file or the profile of a colleague with a trust key: nobody confirms their own drafts.',
    });
  }
  return second;
}
