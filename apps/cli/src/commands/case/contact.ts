import { isWrittenLanguage } from '@recourse/protocol';
import { CliError } from '../../errors.ts';
import { optional, orElse, text, toggle } from '../../options.ts';
import { asked, codeOf, keyedCommand, type Keyed } from '../appeal/creator.ts';

interface ContactFlags {
  readonly addressFile?: string;
  readonly language: string;
  readonly confirm?: true;
  readonly remove?: true;
  readonly stop?: true;
  readonly codeFile?: string;
}

/** An address that is told when the case has news: that, and nothing of it. */
export const contactCommand = keyedCommand(
  {
    name: 'contact',
    about: 'an email address that is told when your case has news',
    flags: {
      addressFile: optional(text('file', 'the address; asked for when absent')),
      language: orElse(text('code', 'the language of the mails, as en or de'), 'en'),
      confirm: toggle('hand in the code that was mailed to it: nothing is sent there before'),
      remove: toggle('forget the address'),
      stop: toggle('forget it by the code at the end of a mail, without a key'),
      codeFile: optional(text('file', 'for --confirm and --stop: the code; asked for when absent')),
    },
  },
  async (flags, creator) => actOf(flags)(creator, flags),
);

type Act = (creator: Keyed, flags: ContactFlags) => Promise<void>;

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
  const key = await creator.key();
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
  const key = await creator.key();
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

const remove: Act = async (creator) => {
  const removed = await creator.client.removeContact({ key: await creator.key() });
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
