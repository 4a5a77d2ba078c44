import { caseKey, findableKinds, type CaseOutput } from '@recourse/protocol';
import { newCaseKey } from '@recourse/sdk/case';
import { resolve } from 'node:path';
import { asked, readCaseSecret, typed } from '../../asking.ts';
import { command } from '../../command.ts';
import { creatorOf, registryFlags, withNewKeys } from '../../creator.ts';
import { CliError } from '../../errors.ts';
import { opCommand } from '../../op-command.ts';
import { choice, id, optional, orElse, text, toggle, type Flag } from '../../options.ts';
import { createPrivateFile } from '../../profile/private-file.ts';
import { rowsOf, type Output } from '../../terminal.ts';

const identifier = asked('Identifier', 'a file that holds it; asked for when absent');
const foundKeyFile = text('file', 'where to write the key of what is found, readable by you only');

export const findCommand = opCommand({
  op: 'case.find',
  about: 'without a notice: ask for a one-time proof of an identifier of yours',
  flags: {
    kind: choice(findableKinds, 'what it is'),
    identifier,
    language: orElse(text('tag', 'of the mail with the code'), 'en'),
  },
  print: ({ proof, find, expiresAt }) => [
    howToProve(proof),
    `Then, until ${expiresAt}: recourse appeal prove ${find} --out KEY-FILE.`,
  ],
});

function howToProve(proof: CaseOutput<'case.find'>['proof']): string {
  if (proof.by === 'mailed-code')
    return 'A code is on its way by mail, if the address can be reached.';
  if (proof.by === 'texted-code')
    return 'A code is on its way by text message, if anything may be recorded about the number.';
  if (proof.by === 'dns') return `Publish a TXT record of ${proof.name} with ${proof.value}`;
  return `Sign this message with the wallet:\n${proof.message}`;
}

const proof: Flag<string | undefined> = {
  ...text('file', 'the code or the signature; asked for when absent'),
  suffix: '-file',
  read: async (file, { answers, given }) =>
    given['domain'] === undefined
      ? typed(answers, file, {
          what: 'Code or signature',
          hidden: true,
          otherwise: 'Name a file that holds it, --proof-file FILE, or say --domain.',
        })
      : undefined,
};

export const proveCommand = opCommand({
  op: 'case.prove',
  about: 'hand in the proof: every case of the identifier opens with your new key',
  args: { find: id('fnd', 'as find answered') },
  flags: {
    identifier,
    proof,
    domain: toggle('the proof is the TXT record'),
    out: foundKeyFile,
  },
  input: ({ domain: _domain, ...handedIn }) => handedIn,
  print: foundShown,
});

/** The secret stays with the creator; the platform that vouches for them is told its hash. */
export const ticketCommand = command(
  {
    name: 'ticket',
    about: 'find cases of an account or IBAN that a platform vouches is yours',
    flags: {
      ...registryFlags,
      make: optional(
        text('file', 'first: write a new secret, and show the request to give to the platform'),
      ),
      secretFile: optional(text('file', 'then: the secret; asked for when absent')),
      out: optional(foundKeyFile),
    },
  },
  async ({ make, secretFile: file, out, ...registry }, context) => {
    const { terminal, answers } = context;
    if (make !== undefined) {
      const made = newTicket(resolve(make));
      return terminal.result(made, () => [
        `Request: ${made.request}`,
        'Give it to the platform, signed in; once it has vouched for you:',
        `recourse appeal ticket --secret-file ${made.file} --out KEY-FILE`,
      ]);
    }
    if (out === undefined) throw nowhere;
    const { client } = await creatorOf(context, registry);
    const from = { what: 'Ticket secret', file, option: '--secret-file' };
    const secret = await readCaseSecret(answers, from);
    const { result, keyFile } = await withNewKeys(out, (keys) =>
      client.ticket({ secret, ...keys }),
    );
    const found = { ...result, keyFile };
    return terminal.result(found, () => foundShown(found));
  },
);

function newTicket(file: string): { request: string; file: string } {
  const secret = newCaseKey();
  createPrivateFile(file, `${secret}\n`);
  return { request: caseKey(secret), file };
}

function foundShown({ found, keyFile }: CaseOutput<'case.prove'> & { keyFile: string }): Output {
  return found.length === 0
    ? 'There is no case of it here.'
    : [
        rowsOf(found, { '': 'n' }, 'submitter', { submitted: 'submittedAt' }, 'state'),
        `Each opens with its number: recourse appeal show --key-file ${keyFile} --found N`,
      ];
}

const nowhere = new CliError('usage', {
  message: 'The key of what is found has no place to go.',
  next: 'Name a file for it: --out FILE. It is made readable by you only.',
});
