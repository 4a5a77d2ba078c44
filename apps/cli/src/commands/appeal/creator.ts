import {
  caseClient,
  memorySigningKeys,
  type CaseClient,
  type SigningKeys,
} from '@recourse/sdk/case';
import { caseConnection, type CaseConnectionOptions } from '../../case/case-connection.ts';
import { readCaseSecret, type SecretSource } from '../../case/case-secret.ts';
import { signerIn } from '../../case/new-key-file.ts';
import { command, type Create, type Declared, type None } from '../../command.ts';
import type { Context } from '../../context.ts';
import { optional, parseCount, text, value, type Flags, type Given } from '../../options.ts';
import { readText } from '../../profile/private-file.ts';

/** What a command of the creator works with: no profile, no signing key. */
export interface Creator extends Pick<Context, 'terminal' | 'answers'> {
  readonly client: CaseClient;
  readonly signingKeys: SigningKeys;
}

/** With the key of the case, asked for where no file holds it. */
export interface Keyed extends Creator {
  readonly key: () => Promise<string>;
  /** The file it comes from, where it is one */
  readonly keyFile: string | undefined;
}

/** Which registry keeps the case. */
export const registryFlags = {
  origin: optional(text('origin', 'the registry, as the link in the notice begins')),
  logKey: optional(
    text('kid', 'thumbprint of its ledger key, where you know it: no other is believed'),
  ),
} as const;

const keyFlags = {
  keyFile: optional(text('file', 'the key of the case, as claim wrote it; asked for when absent')),
  found: optional(value('n', 'which of the cases that were found with the key', parseCount)),
} as const;

/** A command of the creator, who says which registry and nothing else of it. */
export const creatorCommand = <A extends Flags = None, F extends Flags = None>(
  declared: Declared<A, F>,
  act: (given: Given<A> & Given<F>, creator: Creator) => Promise<unknown>,
): Create =>
  command({ ...declared, flags: { ...registryFlags, ...declared.flags } }, async (given, context) =>
    act(given as unknown as Given<A> & Given<F>, await creatorOf(context, given)),
  );

/** `creatorCommand` for what is done with the key of a case. */
export const keyedCommand = <A extends Flags = None, F extends Flags = None>(
  declared: Declared<A, F>,
  act: (given: Given<A> & Given<F>, creator: Keyed) => Promise<unknown>,
): Create =>
  creatorCommand({ ...declared, flags: { ...keyFlags, ...declared.flags } }, (given, creator) =>
    act(given as unknown as Given<A> & Given<F>, {
      ...creator,
      key: () => keyOf(creator, given),
      keyFile: given.keyFile,
    }),
  );

export async function creatorOf(
  { terminal, answers, options }: Context,
  registry: CaseConnectionOptions,
): Promise<Creator> {
  const signingKeys = memorySigningKeys();
  const connection = await caseConnection({ ...options, ...registry });
  const client = caseClient({ ...connection, signingKeys });
  return { terminal, answers, client, signingKeys };
}

export async function keyOf(
  { answers, signingKeys }: Creator,
  { keyFile: file, found }: { keyFile?: string; found?: number },
): Promise<string> {
  const key = await readCaseSecret(answers, { what: 'Case key', file, option: '--key-file' });
  const signer = file === undefined ? undefined : await signerIn(readText(file));
  if (signer) await signingKeys.set(key.split('.')[0] ?? key, signer);
  return found === undefined ? key : `${key.split('.')[0]}.${found}`;
}

export const codeOf = (
  { answers }: Creator,
  file: string | undefined,
  what: SecretSource['what'] = 'Case code',
): Promise<string> =>
  readCaseSecret(answers, {
    what,
    file,
    option: what === 'Ticket secret' ? '--secret-file' : '--code-file',
  });

/** Asked for, not given as an argument: others on this machine could read it. */
export const asked = async (
  { answers }: Pick<Context, 'answers'>,
  of: { what: string; file: string | undefined; otherwise: string; hidden?: boolean },
): Promise<string> =>
  of.file === undefined ? answers.ask({ hidden: false, ...of }) : readText(of.file).trim();
