import { isWrittenLanguage } from '@recourse/protocol';
import type { Command } from 'commander';
import type { Environment } from '../../environment.ts';
import { CliError } from '../../errors.ts';
import { readText } from '../../profile/private-file.ts';
import {
  codeOf,
  creatorOf,
  keyedCommand,
  keyOf,
  type Creator,
  type KeyFlags,
} from '../appeal/creator.ts';

interface ContactFlags extends KeyFlags {
  readonly addressFile?: string;
  readonly language: string;
  readonly confirm?: boolean;
  readonly remove?: boolean;
  readonly stop?: boolean;
  readonly codeFile?: string;
}

/** An address that is told when the case has news: that, and nothing of it. */
export const contactCommand = (environment: Environment): Command =>
  keyedCommand('contact', 'an email address that is told when your case has news')
    .option('--address-file <file>', 'the address; asked for when absent')
    .option('--language <code>', 'the language of the mails, as en or de', 'en')
    .option('--confirm', 'hand in the code that was mailed to it: nothing is sent there before')
    .option('--remove', 'forget the address')
    .option('--stop', 'forget it by the code at the end of a mail, without a key')
    .option('--code-file <file>', 'for --confirm and --stop: the code; asked for when absent')
    .action(async (flags: ContactFlags, command: Command) => {
      const creator = await creatorOf(command, environment);
      await actOf(flags)(creator, flags);
    });

type Act = (creator: Creator, flags: ContactFlags) => Promise<void>;

function actOf({ confirm: hasCode, remove: isOver, stop: isStopped }: ContactFlags): Act {
  if ([hasCode, isOver, isStopped].filter(Boolean).length > 1) {
    throw new CliError('usage', {
      message: 'One of --confirm, --remove and --stop can be done at once.',
      next: 'Name one of them, or none to leave an address.',
    });
  }
  if (hasCode) return confirm;
  if (isOver) return remove;
  return isStopped ? stop : leave;
}

const leave: Act = async (creator, flags) => {
  const { language } = flags;
  if (!isWrittenLanguage(language)) {
    throw new CliError('input-invalid', {
      message: 'The language has another form, or people cannot be written to in it here.',
      next: 'Name it by two letters: --language de.',
    });
  }
  const key = await keyOf(creator, flags);
  // Asked for, not given as an argument: others on this machine could read it.
  const email = await asked(creator, {
    what: 'Email address',
    file: flags.addressFile,
    otherwise: 'Name a file that holds it: --address-file FILE.',
  });
  const left = await creator.client.setContact({ key, email, language });
  creator.terminal.result(left, () =>
    creator.terminal.line(
      `A code is on its way there. Hand it in by ${left.confirmBy}: recourse case contact --confirm.`,
    ),
  );
};

const confirm: Act = async (creator, flags) => {
  const key = await keyOf(creator, flags);
  const code = await asked(creator, {
    what: 'Code from the mail',
    file: flags.codeFile,
    otherwise: 'Name a file that holds it: --code-file FILE.',
  });
  const { confirmed, triesLeft } = await creator.client.confirmContact({ key, code });
  creator.terminal.result({ confirmed, triesLeft }, () =>
    creator.terminal.line(
      confirmed
        ? 'The address hears of news from now on.'
        : triesLeft > 0
          ? `That is not the code. Tries left: ${triesLeft}.`
          : 'That was not the code, or too late, and the address is forgotten. Leave it again: recourse case contact.',
    ),
  );
};

const remove: Act = async (creator, flags) => {
  const removed = await creator.client.removeContact({ key: await keyOf(creator, flags) });
  creator.terminal.result(removed, () =>
    creator.terminal.line(removed.removed ? 'The address is forgotten.' : 'There was none.'),
  );
};

const stop: Act = async (creator, flags) => {
  const code = await codeOf(creator, flags.codeFile, 'Stop code');
  const stopped = await creator.client.stopContact({ code });
  creator.terminal.result(stopped, () =>
    creator.terminal.line('The address is forgotten, and hears nothing more of that case.'),
  );
};

const asked = async (
  { answers }: Creator,
  of: { what: string; file: string | undefined; otherwise: string },
): Promise<string> =>
  of.file === undefined
    ? answers.ask({ what: of.what, hidden: false, otherwise: of.otherwise })
    : readText(of.file).trim();
