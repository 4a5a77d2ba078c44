import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  generateKey,
  publicPart,
  signerFromJwk,
  type PrivateJwk,
  type PublicJwk,
  type Signer,
} from '@recourse/protocol';
import { newCaseKey } from '@recourse/sdk/case';
import { exitCodeOf, exitCodes } from '../exit-code.ts';
import { createPrivateFile } from '../profile/private-file.ts';

/**
 * `withNewKey` for whoever enters a case: the second line of the file is the private key that signs what they give up.
 */
export async function withNewKeys<T>(
  file: string,
  act: (keys: { newKey: string; signingKey: PublicJwk }) => Promise<T>,
): Promise<{ result: T; keyFile: string }> {
  const jwk = await generateKey('ES256');
  const signingKey = publicPart(jwk);
  const run = (newKey: string): Promise<T> => act({ newKey, signingKey });
  return withNewKey(file, run, JSON.stringify(jwk));
}

/** The signer in the second line of a key file; none in that of a key alone. */
export async function signerIn(text: string): Promise<Signer | undefined> {
  const line = signingLine(text);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a file that `withNewKeys` wrote; a bad key is refused
  return line === '' ? undefined : signerFromJwk(JSON.parse(line) as PrivateJwk);
}

export const signingLine = (text: string): string => text.split('\n')[1]?.trim() ?? '';

/**
 * Makes a key and acts with it. The key is on disk before the registry hears of it: one that nobody kept would lock the
 * creator out of the case. Left there unless the registry refused.
 * @throws CliError `file-exists`
 */
export async function withNewKey<T>(
  file: string,
  act: (newKey: string) => Promise<T>,
  secondLine = '',
): Promise<{ result: T; keyFile: string }> {
  const keyFile = resolve(file);
  const newKey = newCaseKey();
  createPrivateFile(keyFile, secondLine === '' ? `${newKey}\n` : `${newKey}\n${secondLine}\n`);
  try {
    return { result: await act(newKey), keyFile };
  } catch (error) {
    const code = exitCodeOf(error);
    if (code === exitCodes.refused || code === exitCodes.wrongUsage) rmSync(keyFile);
    throw error;
  }
}
