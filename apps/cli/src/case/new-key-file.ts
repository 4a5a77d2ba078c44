import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { newCaseKey } from '@recourse/sdk/case';
import { exitCodeOf, exitCodes } from '../exit-code.ts';
import { createPrivateFile } from '../profile/private-file.ts';

/**
 * Makes a key and acts with it. The key is on disk before the registry hears of it: one that nobody kept would lock the
 * creator out of the case. Left there unless the registry refused.
 * @throws CliError `file-exists`
 */
export async function withNewKey<T>(
  file: string,
  act: (newKey: string) => Promise<T>,
): Promise<{ result: T; keyFile: string }> {
  const keyFile = resolve(file);
  const newKey = newCaseKey();
  createPrivateFile(keyFile, `${newKey}\n`);
  try {
    return { result: await act(newKey), keyFile };
  } catch (error) {
    const code = exitCodeOf(error);
    if (code === exitCodes.refused || code === exitCodes.wrongUsage) rmSync(keyFile);
    throw error;
  }
}
