import { accessKinds, type AccessKind } from '@recourse/protocol';
import { Command, Option } from 'commander';
import { withNewKey } from '../../case/new-key-file.ts';
import type { Environment } from '../../environment.ts';
import { parseCount } from '../../options.ts';
import {
  codeOf,
  creatorCommand,
  creatorOf,
  keyedCommand,
  keyOf,
  type KeyFlags,
} from '../appeal/creator.ts';

/** Somebody who acts beside the holder: given access by a code, which is theirs to keep. */
export const accessCommand = (environment: Environment): Command =>
  new Command('access')
    .description('let somebody act on your case beside you, and end that again')
    .addCommand(inviteCommand(environment))
    .addCommand(acceptCommand(environment))
    .addCommand(endCommand(environment));

interface InviteFlags extends KeyFlags {
  readonly as: AccessKind;
  readonly name: string;
  readonly out: string;
}

const inviteCommand = (environment: Environment): Command =>
  keyedCommand('invite', 'make a code that gives somebody access, once, within a week')
    .requiredOption('--name <name>', 'what you call them; they read it too')
    .addOption(
      new Option('--as <kind>', 'a guardian only where the record is about a minor')
        .choices([...accessKinds])
        .default('representative'),
    )
    .requiredOption('--out <file>', 'where to write the code, readable by you only')
    .action(async ({ as, name, out, ...flags }: InviteFlags, command: Command) => {
      const creator = await creatorOf(command, environment);
      const key = await keyOf(creator, flags);
      const { result, keyFile: codeFile } = await withNewKey(out, (code) =>
        creator.client.invite({ key, code, as, name }),
      );
      creator.terminal.result({ ...result, codeFile }, () => {
        creator.terminal.line(
          `The code in ${codeFile} is for them alone, until ${result.expiresAt}.`,
        );
        creator.terminal.line(
          `They use it by: recourse case access accept. You end it by: recourse case access end ${result.place}.`,
        );
      });
    });

const acceptCommand = (environment: Environment): Command =>
  creatorCommand('accept', 'take up an invitation: you get a key of your own to the case')
    .option('--code-file <file>', 'the code that you were given; asked for when absent')
    .requiredOption('--out <file>', 'where to write your key, readable by you only')
    .action(async ({ codeFile, out }: { codeFile?: string; out: string }, command: Command) => {
      const creator = await creatorOf(command, environment);
      const code = await codeOf(creator, codeFile, 'Invitation');
      const { result, keyFile } = await withNewKey(out, (newKey) =>
        creator.client.accept({ code, newKey }),
      );
      creator.terminal.result({ ...result, keyFile }, () => {
        creator.terminal.line(`You act on the case ${result.sanction} as its ${result.as}.`);
        creator.terminal.line(`Read it: recourse appeal show --key-file ${keyFile}.`);
      });
    });

const endCommand = (environment: Environment): Command =>
  keyedCommand('end', 'end the access of somebody, or your own')
    .argument(
      '[place]',
      'which one, as recourse appeal show lists it; none for your own',
      parseCount,
    )
    .action(async (place: number | undefined, flags: KeyFlags, command: Command) => {
      const creator = await creatorOf(command, environment);
      const key = await keyOf(creator, flags);
      const ended = await creator.client.endAccess({
        key,
        ...(place === undefined ? {} : { place }),
      });
      creator.terminal.result(ended, () =>
        creator.terminal.line('That access has ended; its key opens nothing any more.'),
      );
    });
