import { caseKey, findableKinds, type CaseOutput } from '@recourse/protocol';
import { newCaseKey } from '@recourse/sdk/case';
import { Option, type Command } from 'commander';
import { resolve } from 'node:path';
import { withNewKey } from '../../case/new-key-file.ts';
import { contextOf } from '../../context.ts';
import type { Environment } from '../../environment.ts';
import { CliError } from '../../errors.ts';
import { createPrivateFile, readText } from '../../profile/private-file.ts';
import type { Terminal } from '../../terminal.ts';
import { findId } from '../ids.ts';
import {
  codeOf,
  creatorCommand,
  creatorOf,
  keyedCommand,
  keyOf,
  type Creator,
  type KeyFlags,
} from './creator.ts';

type Kind = (typeof findableKinds)[number];

export const findCommand = (environment: Environment): Command =>
  creatorCommand('find', 'without a notice: ask for a one-time proof of an identifier of yours')
    .addOption(
      new Option('--kind <kind>', 'what it is').choices([...findableKinds]).makeOptionMandatory(),
    )
    .option('--identifier-file <file>', 'a file that holds it; asked for when absent')
    .option('--language <tag>', 'of the mail with the code', 'en')
    .action(
      async (
        {
          kind,
          language,
          identifierFile,
        }: { kind: Kind; language: string; identifierFile?: string },
        command: Command,
      ) => {
        const creator = await creatorOf(command, environment);
        const identifier = await identifierOf(creator, identifierFile);
        const result = await creator.client.find({ kind, identifier, language });
        creator.terminal.result(result, () => {
          creator.terminal.line(howToProve(result.proof));
          creator.terminal.line(
            `Then, until ${result.expiresAt}: recourse appeal prove ${result.find} --out KEY-FILE.`,
          );
        });
      },
    );

function howToProve(proof: CaseOutput<'case.find'>['proof']): string {
  if (proof.by === 'mailed-code')
    return 'A code is on its way by mail, if the address can be reached.';
  if (proof.by === 'dns') return `Publish a TXT record of ${proof.name} with ${proof.value}`;
  return `Sign this message with the wallet:\n${proof.message}`;
}

interface ProveFlags {
  readonly identifierFile?: string;
  readonly proofFile?: string;
  readonly domain?: boolean;
  readonly out: string;
}

export const proveCommand = (environment: Environment): Command =>
  creatorCommand('prove', 'hand in the proof: every case of the identifier opens with your new key')
    .argument('<find>', 'as find answered')
    .option('--identifier-file <file>', 'a file that holds it; asked for when absent')
    .option('--proof-file <file>', 'the mailed code or the signature; asked for when absent')
    .option('--domain', 'the proof is the TXT record')
    .requiredOption('--out <file>', 'where to write the key of what is found, readable by you only')
    .action(async (id: string, flags: ProveFlags, command: Command) => {
      const creator = await creatorOf(command, environment);
      const find = findId(id);
      const identifier = await identifierOf(creator, flags.identifierFile);
      const proof = flags.domain === true ? {} : { proof: await proofOf(creator, flags.proofFile) };
      const { result, keyFile } = await withNewKey(flags.out, (newKey) =>
        creator.client.prove({ find, identifier, newKey, ...proof }),
      );
      printFound(creator.terminal, result, keyFile);
    });

interface TicketFlags {
  readonly make?: string;
  readonly secretFile?: string;
  readonly out?: string;
}

/** The secret stays with the creator; the platform that vouches for them is told its hash. */
export const ticketCommand = (environment: Environment): Command =>
  creatorCommand('ticket', 'find cases of an account or IBAN that a platform vouches is yours')
    .option(
      '--make <file>',
      'first: write a new secret, and show the request to give to the platform',
    )
    .option('--secret-file <file>', 'then: the secret; asked for when absent')
    .option('--out <file>', 'where to write the key of what is found, readable by you only')
    .action(async ({ make, secretFile, out }: TicketFlags, command: Command) => {
      if (make !== undefined) {
        return makeTicket(contextOf(command, environment).terminal, resolve(make));
      }
      if (out === undefined) throw nowhere;
      const creator = await creatorOf(command, environment);
      const secret = await codeOf(creator, secretFile, 'Ticket secret');
      const { result, keyFile } = await withNewKey(out, (newKey) =>
        creator.client.ticket({ secret, newKey }),
      );
      printFound(creator.terminal, result, keyFile);
    });

function makeTicket(terminal: Terminal, file: string): void {
  const secret = newCaseKey();
  createPrivateFile(file, `${secret}\n`);
  const request = caseKey(secret);
  terminal.result({ request, file }, () => {
    terminal.line(`Request: ${request}`);
    terminal.line('Give it to the platform, signed in; once it has vouched for you:');
    terminal.line(`recourse appeal ticket --secret-file ${file} --out KEY-FILE`);
  });
}

export const unlockCommand = (environment: Environment): Command =>
  keyedCommand('unlock', 'show the code of the notice of a found case: its facts are then readable')
    .option('--code-file <file>', 'the code or link of the notice; asked for when absent')
    .action(async (flags: KeyFlags & { codeFile?: string }, command: Command) => {
      const creator = await creatorOf(command, environment);
      const key = await keyOf(creator, flags);
      const code = await codeOf(creator, flags.codeFile);
      const result = await creator.client.unlock({ key, code });
      creator.terminal.result(result, () =>
        creator.terminal.line('The facts can be read now: recourse appeal show --key-file FILE.'),
      );
    });

/** Asked for, not given as an argument: others on this machine could read it. */
const identifierOf = async ({ answers }: Creator, file: string | undefined): Promise<string> =>
  file === undefined
    ? answers.ask({
        what: 'Identifier',
        hidden: false,
        otherwise: 'Name a file that holds it: --identifier-file FILE.',
      })
    : readText(file).trim();

const proofOf = async ({ answers }: Creator, file: string | undefined): Promise<string> =>
  file === undefined
    ? answers.ask({
        what: 'Code or signature',
        hidden: true,
        otherwise: 'Name a file that holds it, --proof-file FILE, or say --domain.',
      })
    : readText(file).trim();

function printFound(
  terminal: Terminal,
  { found }: CaseOutput<'case.prove'>,
  keyFile: string,
): void {
  terminal.result({ found, keyFile }, () => {
    if (found.length === 0) return terminal.line('There is no case of it here.');
    terminal.table(
      ['', 'submitter', 'submitted', 'state', 'claimed'],
      found.map(({ n, submitter, submittedAt, state, claimed }) => [
        n,
        submitter,
        submittedAt,
        state,
        claimed ? 'yes' : 'no',
      ]),
    );
    terminal.line(
      `Each opens with its number: recourse appeal show --key-file ${keyFile} --found N`,
    );
  });
}

const nowhere = new CliError('usage', {
  message: 'The key of what is found has no place to go.',
  next: 'Name a file for it: --out FILE. It is made readable by you only.',
});
