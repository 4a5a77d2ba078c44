import { caseClient, type CaseClient } from '@recourse/sdk/case';
import { Command } from 'commander';
import { Answers } from '../../case/answers.ts';
import { caseConnection, type CaseConnectionOptions } from '../../case/case-connection.ts';
import { readCaseSecret, type SecretSource } from '../../case/case-secret.ts';
import { contextOf } from '../../context.ts';
import type { Environment } from '../../environment.ts';
import { parseCount } from '../../options.ts';
import type { Terminal } from '../../terminal.ts';

/** What a command of the creator works with: no profile, no signing key. */
export interface Creator {
  readonly terminal: Terminal;
  readonly client: CaseClient;
  readonly answers: Answers;
}

/** A command of the creator, who says which registry and nothing else of it. */
export const creatorCommand = (name: string, description: string): Command =>
  new Command(name)
    .description(description)
    .option('--origin <origin>', 'the registry, as the link in the notice begins')
    .option(
      '--log-key <kid>',
      'thumbprint of its ledger key, where you know it: no other is believed',
    );

/** `creatorCommand` for what is done with the key of a case. */
export const keyedCommand = (name: string, description: string): Command =>
  creatorCommand(name, description)
    .option('--key-file <file>', 'the key of the case, as claim wrote it; asked for when absent')
    .option('--found <n>', 'which of the cases that were found with the key', parseCount);

export async function creatorOf(command: Command, environment: Environment): Promise<Creator> {
  const { terminal } = contextOf(command, environment);
  const connection = await caseConnection(command.optsWithGlobals<CaseConnectionOptions>());
  const { stdin, stderr } = environment.terminal;
  return { terminal, client: caseClient(connection), answers: new Answers(stdin && stderr) };
}

export interface KeyFlags {
  readonly keyFile?: string;
  readonly found?: number;
}

export async function keyOf({ answers }: Creator, { keyFile, found }: KeyFlags): Promise<string> {
  const key = await readCaseSecret(answers, {
    what: 'Case key',
    file: keyFile,
    option: '--key-file',
  });
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
