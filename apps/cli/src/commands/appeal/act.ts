import { appealGrounds, maxCaseFileBytes, toBase64url, type CaseInput } from '@recourse/protocol';
import { readFileSync, statSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { words } from '../../asking.ts';
import { command } from '../../command.ts';
import {
  codeFlag,
  creatorOf,
  keyFlags,
  readKey,
  registryFlags,
  signingLine,
  withNewKey,
} from '../../creator.ts';
import { CliError } from '../../errors.ts';
import { opCommand } from '../../op-command.ts';
import { choice, id, optional, orElse, text, toggle } from '../../options.ts';
import { createPrivateFile, readText, unreadable } from '../../profile/private-file.ts';

const yourWords = words('Your words', 'your words, up to 4,000 characters; asked for when absent');

/** A code is never used up: who else has it can claim as well, and takes nothing from anybody. */
export const claimCommand = opCommand({
  op: 'case.claim',
  about: 'get your own key to a case by its code: with the key you appeal',
  flags: {
    code: codeFlag,
    out: text('file', 'where to write your key, readable by you only'),
  },
  print: ({ sanction, claimedAt, keyFile }) => [
    `You act on the case ${sanction} since ${claimedAt}.`,
    `Its key is in ${keyFile}: keep it, nobody can give you another.`,
  ],
});

export const openCommand = opCommand({
  op: 'case.appeal',
  name: 'open',
  about: 'appeal: say in your words what is wrong; a reviewer of neither side decides',
  flags: {
    ground: choice(appealGrounds, 'what is wrong'),
    words: yourWords,
    news: optional(words('What is new', 'of a later appeal: what is new, up to 4,000 characters')),
    reopen: toggle('have another reviewer look at your appeal that was dismissed, once'),
    language: orElse(text('tag', 'the language you wrote in'), 'en'),
  },
  print: ({ appeal, openedAt, bound, undecidedAt, decisionDueAt }) => [
    `The appeal ${appeal} is open since ${openedAt}.`,
    `A decision is due by ${decisionDueAt}. ${
      bound
        ? `If nobody decides by ${undecidedAt}, it is closed.`
        : `If nobody does, the record answers no check, and ends at ${undecidedAt}.`
    }`,
    'Keep proof of it: recourse appeal receipt --out FILE.',
  ],
});

export const joinCommand = opCommand({
  op: 'case.join',
  about: 'join the appeal that somebody else opened, or add a ground to yours',
  flags: { ground: choice(appealGrounds, 'what is wrong'), words: yourWords },
  print: ({ appeal, decisionDueAt }) => `You joined ${appeal}; it is decided by ${decisionDueAt}.`,
});

export const addCommand = opCommand({
  op: 'case.addInformation',
  name: 'add',
  about: 'add to your open appeal, or answer a question of the reviewer',
  flags: {
    words: yourWords,
    question: optional(id('qst', 'the question that this answers, as show lists it')),
  },
  input: ({ words: text, ...to }) => ({ text, ...to }),
  print: ({ at }) => `Added at ${at}; the reviewer reads it.`,
});

type MediaType = CaseInput<'case.addFile'>['mediaType'];

const mediaTypes: Readonly<Record<string, MediaType>> = {
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.txt': 'text/plain',
};

export const fileCommand = opCommand({
  op: 'case.addFile',
  name: 'file',
  about: 'add a file to your open appeal: PDF, PNG, JPEG, WebP or text, 2 MiB at most',
  args: { file: text('file', '') },
  input: ({ file }) => {
    const mediaType = mediaTypes[extname(file).toLowerCase()];
    if (!mediaType) throw unfit('The file is of a kind that reviewers cannot open safely.');
    return { name: basename(file), mediaType, bytes: contentOf(resolve(file)) };
  },
  print: ({ file, bytes }, { name }) => `Added ${name}, ${bytes} bytes, as file ${file}.`,
});

function contentOf(path: string): string {
  try {
    if (statSync(path).size > maxCaseFileBytes) throw unfit('The file is larger than 2 MiB.');
    return toBase64url(readFileSync(path));
  } catch (cause) {
    throw cause instanceof CliError ? cause : unreadable(path, cause);
  }
}

const unfit = (message: string): CliError =>
  new CliError('input-invalid', {
    message,
    next: 'Save it as PDF, PNG, JPEG, WebP or text of at most 2 MiB; at most eight of them.',
  });

export const withdrawCommand = opCommand({
  op: 'case.withdrawAppeal',
  name: 'withdraw',
  about:
    'withdraw from the open appeal, signed by the key in your key file; it ends 72 hours after all who joined it did',
  print: ({ appeal, withdrawsAt, effectiveAt }) =>
    `You withdraw from ${appeal} as of ${withdrawsAt}. It ${effectiveAt ? `ends at ${effectiveAt}` : 'goes on for others who joined it'}; to come back: recourse appeal keep.`,
});

export const keepCommand = opCommand({
  op: 'case.withdrawAppeal',
  name: 'keep',
  about: 'keep an appeal that you withdrew, until it ends',
  input: () => ({ keep: true }),
  print: ({ appeal }) => `${appeal} goes on as if it had never been withdrawn.`,
});

export const receiptCommand = command(
  {
    name: 'receipt',
    about: 'proof of your appeals, with the ledger entries of your case opened',
    flags: {
      ...registryFlags,
      ...keyFlags,
      out: text('file', 'where to write it, readable by you only'),
    },
  },
  async ({ out, ...given }, context) => {
    const { client, key } = await creatorOf(context, given);
    const receipt = await client.receipt({ key });
    const file = resolve(out);
    createPrivateFile(file, `${JSON.stringify(receipt, null, 2)}\n`);
    const [appeals, openings] = [receipt.appeals.length, receipt.openings.length];
    context.terminal.result(
      { file, appeals, openings },
      () => `${appeals} appeals and ${openings} ledger entries in ${file}.`,
    );
  },
);

export const letterCommand = command(
  {
    name: 'letter',
    about: 'after the record ended in your favour: a signed letter to show to others',
    flags: {
      ...registryFlags,
      ...keyFlags,
      out: optional(text('file', 'also write it with its signature to a file')),
    },
  },
  async ({ out, ...given }, context) => {
    const { client, key } = await creatorOf(context, given);
    const letter = await client.letter({ key });
    const file = out === undefined ? undefined : resolve(out);
    if (file !== undefined) createPrivateFile(file, `${JSON.stringify(letter, null, 2)}\n`);
    context.terminal.result({ ...letter, file }, () => [
      letter.text,
      `\nWith its signature: ${file ?? '--out FILE.'}`,
    ]);
  },
);

export const rotateCommand = command(
  {
    name: 'rotate',
    about: 'replace your key of a case, when somebody else may have seen it',
    flags: {
      ...registryFlags,
      keyFile: optional(text('file', keyFlags.key.says)),
      found: keyFlags.found,
      out: text('file', 'where to write the new key, readable by you only'),
    },
  },
  async ({ keyFile: from, out, ...given }, context) => {
    const opening = { ...given, key: await readKey(from, context) };
    const { client, key } = await creatorOf(context, opening);
    // What they sign with stays the same.
    const signing = from === undefined ? '' : signingLine(readText(from));
    const rotate = (newKey: string) => client.rotate({ key, newKey });
    const { result, keyFile } = await withNewKey(out, rotate, signing);
    context.terminal.result(
      { ...result, keyFile },
      () => `The key in ${keyFile} opens the case now; the old one opens nothing.`,
    );
  },
);
