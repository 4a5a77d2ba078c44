import { accessKinds, isWrittenLanguage } from '@recourse/protocol';
import { readCaseSecret, secret, typed, words } from '../../asking.ts';
import { command, group } from '../../command.ts';
import { creatorOf, keyFlags, readKey, registryFlags, withNewKey } from '../../creator.ts';
import { CliError } from '../../errors.ts';
import { opCommand } from '../../op-command.ts';
import { choice, count, optional, orElse, text, toggle } from '../../options.ts';
import { verifyCaseCommand } from './verify.ts';

const invite = command(
  {
    name: 'invite',
    about: 'make a code that gives somebody access, once, within a week',
    flags: {
      ...registryFlags,
      ...keyFlags,
      name: text('name', 'what you call them; they read it too'),
      as: orElse(
        choice(accessKinds, 'a guardian only where the record is about a minor', 'kind'),
        'representative',
      ),
      out: text('file', 'where to write the code, readable by you only'),
    },
  },
  async ({ as, name, out, ...given }, context) => {
    const { client, key } = await creatorOf(context, given);
    const { result, keyFile: codeFile } = await withNewKey(out, (code) =>
      client.invite({ key, code, as, name }),
    );
    context.terminal.result({ ...result, codeFile }, () => [
      `The code in ${codeFile} is for them alone, until ${result.expiresAt}.`,
      `They use it by: recourse case access accept. You end it by: recourse case access end ${result.place}.`,
    ]);
  },
);

const accept = opCommand({
  op: 'case.accept',
  about: 'take up an invitation: you get a key of your own to the case',
  flags: {
    code: secret('Invitation', 'the code that you were given; asked for when absent'),
    out: text('file', 'where to write your key, readable by you only'),
  },
  print: ({ sanction, as, keyFile }) => [
    `You act on the case ${sanction} as its ${as}.`,
    `Read it: recourse appeal show --key-file ${keyFile}.`,
  ],
});

const end = opCommand({
  op: 'case.endAccess',
  name: 'end',
  about: 'end the access of somebody, or your own',
  args: {
    place: optional(count('which one, as recourse appeal show lists it; none for your own')),
  },
  print: () => 'That access has ended; its key opens nothing any more.',
});

/** Somebody who acts beside the holder: given access by a code, which is theirs to keep. */
const access = group({
  name: 'access',
  about: 'let somebody act on your case beside you, and end that again',
  commands: [invite, accept, end],
});

/** An address that is told when the case has news: that, and nothing of it. */
const contact = command(
  {
    name: 'contact',
    about: 'an email address that is told when your case has news',
    flags: {
      ...registryFlags,
      keyFile: optional(text('file', keyFlags.key.says)),
      found: keyFlags.found,
      addressFile: optional(text('file', 'the address; asked for when absent')),
      language: orElse(text('code', 'the language of the mails, as en or de'), 'en'),
      confirm: toggle('hand in the code that was mailed to it: nothing is sent there before'),
      remove: toggle('forget the address'),
      stop: toggle('forget it by the code at the end of a mail, without a key'),
      codeFile: optional(text('file', 'for --confirm and --stop: the code; asked for when absent')),
    },
    refuse: ({ confirm, remove, stop, language }) =>
      [confirm, remove, stop].filter(Boolean).length > 1
        ? oneAtOnce
        : !(confirm ?? remove ?? stop) && !isWrittenLanguage(language) && noLanguage,
  },
  async (
    { keyFile, addressFile, language, confirm, remove, stop, codeFile, ...given },
    context,
  ) => {
    const { answers, terminal } = context;
    if (stop) {
      const from = { what: 'Stop code', file: codeFile, option: '--code-file' };
      const { client } = await creatorOf(context, given);
      const stopped = await client.stopContact({ code: await readCaseSecret(answers, from) });
      return terminal.result(
        stopped,
        () => 'The address is forgotten, and hears nothing more of that case.',
      );
    }
    const opening = { ...given, key: await readKey(keyFile, context) };
    const { client, key } = await creatorOf(context, opening);
    if (remove) {
      const removed = await client.removeContact({ key });
      return terminal.result(removed, () =>
        removed.removed ? 'The address is forgotten.' : 'There was none.',
      );
    }
    if (confirm) {
      const otherwise = 'Name a file that holds it: --code-file FILE.';
      const code = await typed(answers, codeFile, { what: 'Code from the mail', otherwise });
      const { confirmed, triesLeft } = await client.confirmContact({ key, code });
      return terminal.result({ confirmed, triesLeft }, () =>
        confirmed
          ? 'The address hears of news from now on.'
          : triesLeft > 0
            ? `That is not the code. Tries left: ${triesLeft}.`
            : 'That was not the code, or too late, and the address is forgotten. Leave it again: recourse case contact.',
      );
    }
    const otherwise = 'Name a file that holds it: --address-file FILE.';
    const email = await typed(answers, addressFile, { what: 'Email address', otherwise });
    const left = await client.setContact({ key, email, language });
    return terminal.result(
      left,
      () =>
        `A code is on its way there. Hand it in by ${left.confirmBy}: recourse case contact --confirm.`,
    );
  },
);

const oneAtOnce = new CliError('usage', {
  message: 'One of --confirm, --remove and --stop can be done at once.',
  next: 'Name one of them, or none to leave an address.',
});

const noLanguage = new CliError('input-invalid', {
  message: 'The language has another form, or people cannot be written to in it here.',
  next: 'Name it by two letters: --language de.',
});

const erase = opCommand({
  op: 'case.requestErasure',
  name: 'erase',
  about: 'have erased what you proved of an ended record, or object to a live one',
  flags: {
    words: optional(words('Your words', 'for a live record: what speaks against it')),
    language: orElse(text('tag', 'the language you wrote in'), 'en'),
    keep: toggle('take the request back'),
    yes: toggle('you have the letter and the receipt that you want: nothing opens afterwards'),
  },
  refuse: ({ yes, keep }) => !yes && !keep && papersFirst,
  input: ({ yes: _yes, ...asked }) => asked,
  print: ({ appeal, notBefore }) => {
    if (appeal) return `The record is live: the appeal ${appeal} decides it.`;
    if (notBefore === undefined) return 'Taken back.';
    return [
      `Noted. The identifiers that you proved are erased at ${notBefore}, later while an appeal or a recall is open;`,
      'the rest with the last of them. To take it back: recourse case erase --keep.',
    ];
  },
});

const papersFirst = new CliError('usage', {
  message: 'After the erasure neither letter nor receipt can be had, and no key opens the case.',
  next: 'Keep them first: recourse appeal letter --out FILE, recourse appeal receipt --out FILE. Then again with --yes.',
});

/** What is kept of a case, by its creator and by the registry; who else acts on it, and who hears of news. */
export const caseCommand = group({
  name: 'case',
  about:
    'check what you keep of your case against the public ledger, be told of news, give access, have it erased',
  commands: [verifyCaseCommand, contact, access, erase],
});
