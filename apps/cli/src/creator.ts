import {
  caseOps,
  generateKey,
  publicPart,
  signerFromJwk,
  type PrivateJwk,
  type PublicJwk,
} from '@recourse/protocol';
import { caseClient, newCaseKey, type CaseClient, type CaseMethod } from '@recourse/sdk/case';
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { readCaseSecret, secret } from './asking.ts';
import type { Context } from './context.ts';
import { CliError } from './errors.ts';
import { exitCodeOf, exitCodes } from './exit-code.ts';
import { count, optional, text, type Prompt, type Flag, type Flags } from './options.ts';
import { createPrivateFile, readText } from './profile/private-file.ts';
import { sandboxRegistry } from './profile/sandbox.ts';

/** Which registry keeps the case. A creator has no profile and no signing key: the secret is all it takes. */
export const registryFlags = {
  origin: optional(text('origin', 'the registry, as the link in the notice begins')),
  logKey: optional(
    text('kid', 'thumbprint of its ledger key, where you know it: no other is believed'),
  ),
} as const;

/** The key of the case, with what signs in the second line of its file; asked for where no file holds it. */
export const keyFlags = {
  key: {
    ...secret('Case key', 'the key of the case, as claim wrote it; asked for when absent'),
    read: readKey,
  } as Flag<string>,
  found: optional(count('which of the cases that were found with the key')),
} as const;

export const codeFlag = secret(
  'Case code',
  'the code or link of the notice; asked for when absent',
);

export async function readKey(
  file: string | undefined,
  { answers, signingKeys }: Pick<Prompt, 'answers' | 'signingKeys'>,
): Promise<string> {
  const key = await readCaseSecret(answers, { what: 'Case key', file, option: '--key-file' });
  const signing = file === undefined ? '' : signingLine(readText(file));
  if (signing !== '') {
    // A file that `withNewKeys` wrote; a bad key is refused.
    const signer = await signerFromJwk(JSON.parse(signing) as PrivateJwk);
    await signingKeys.set(key.split('.')[0] ?? key, signer);
  }
  return key;
}

/** What is said of the claimant and their keys, and not of the act. */
export type ClaimantMember = 'key' | 'newKey' | 'signingKey' | 'act';

const inputOf = (op: string): object =>
  (caseOps as unknown as Record<string, { input: { shape: object } }>)[op]!.input.shape;

/** The flags of an operation of a case besides its own. */
export const creatorFlags = (op: string): Flags => ({
  ...registryFlags,
  ...('key' in inputOf(op) ? keyFlags : {}),
});

export interface CreatorGiven {
  readonly origin?: string | undefined;
  readonly logKey?: string | undefined;
  readonly key?: string;
  readonly found?: number;
}

/** What is given for the operation itself. */
export const givenBy = ({
  origin: _origin,
  logKey: _logKey,
  key: _key,
  found: _found,
  ...given
}: CreatorGiven & Readonly<Record<string, unknown>>) => given;

interface Creator {
  readonly client: CaseClient;
  /** Empty where none was asked for */
  readonly key: string;
  /** An act by its name; `out` names the file of a new key. */
  caller(method: string): (input: { out?: string }) => Promise<object & Record<string, unknown>>;
}

/** The creator as a command has them: at which registry, and with which key. */
export async function creatorOf(
  { options, signingKeys }: Pick<Context, 'options' | 'signingKeys'>,
  given: CreatorGiven,
): Promise<Creator> {
  const client = caseClient({ ...(await registryOf({ ...options, ...given })), signingKeys });
  const { key = '', found } = given;
  const opening = found === undefined ? key : `${key.split('.')[0]}.${found}`;
  const caller: Creator['caller'] =
    (method) =>
    async ({ out, ...input }) => {
      const act = (keys: object) =>
        client.call(method as CaseMethod, { ...(key && { key: opening }), ...input, ...keys });
      if (out === undefined) return { ...(await act({})).result };
      const { result, keyFile } = await withNewKeys(out, act);
      return { ...result.result, keyFile };
    };
  return { client, key: opening, caller };
}

async function registryOf(options: {
  readonly origin?: string | undefined;
  readonly logKey?: string | undefined;
  readonly url?: string | undefined;
  readonly sandbox?: string | undefined;
}): Promise<{ origin: string; url: string; logKid?: string }> {
  const { origin, logKey, url, sandbox } = options;
  if (sandbox !== undefined) return sandboxRegistry(resolve(sandbox), url);
  const given = origin ?? url;
  const named = given === undefined || !URL.canParse(given) ? undefined : new URL(given).origin;
  if (named !== undefined && named !== 'null') {
    return { origin: named, url: url ?? named, ...(logKey && { logKid: logKey }) };
  }
  throw new CliError('usage', {
    message: 'It is not said which registry keeps the case.',
    next: 'Give the first part of the link in the notice: --origin https://registry.example. To try it: --sandbox .recourse.',
  });
}

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
