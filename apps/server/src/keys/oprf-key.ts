import { ready } from '@recourse/blind/server';
import { toBase64url } from '@recourse/protocol';
import { ServerError } from '../errors.ts';
import { epochKeys, makeOprfSeed, readOprfSeed, type OprfSettings } from './oprf-seed.ts';

/**
 * `oprf-key <epoch> [--init]`: the public key of an epoch, as `oprf.rotate` announces it, from the secret that is here.
 * `--init` makes the secret of a next epoch where it is missing.
 * @throws ServerError `config_invalid`, `key_missing`, `key_invalid`
 */
export async function oprfKey(settings: OprfSettings, args: readonly string[]): Promise<string> {
  const [number = '', ...rest] = args;
  const makes = rest[0] === '--init' && rest.length === 1;
  if (!/^[1-9]\d{0,5}$/.test(number) || (rest.length > 0 && !makes)) {
    throw new ServerError(
      'config_invalid',
      'oprf-key takes the number of an epoch, and --init to make its secret where there is none.',
    );
  }
  await ready();
  const epoch = Number(number);
  if (makes) makeOprfSeed(settings, epoch);
  return toBase64url(epochKeys(readOprfSeed(settings, epoch), epoch).publicKey);
}
