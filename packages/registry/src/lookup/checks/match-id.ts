import { fromBase64url, newId, prefixedHash, utf8, type Id } from '@recourse/protocol';

/**
 * The id of one version of one sanction disclosed by one check: the same each time that check asks, also
 * when two copies of the question run at once. It cannot be guessed without the id of the check, which only
 * its platform knows; its time is that of the check.
 */
export function matchId(of: {
  check: { id: string; at: Date };
  sanction: string;
  version: number;
}): Id<'mat'> {
  const name = utf8(`${of.check.id}/${of.sanction}/${of.version}`);
  const digest = fromBase64url(prefixedHash('recourse/match/1', name));
  return newId('mat', { now: of.check.at, random: (size) => digest.subarray(0, size) });
}
