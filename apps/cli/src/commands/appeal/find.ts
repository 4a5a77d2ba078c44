import { caseKey, findableKinds, type CaseOutput } from '@recourse/protocol';
import { newCaseKey } from '@recourse/sdk/case';
import { resolve } from 'node:path';
import { withNewKeys } from '../../case/new-key-file.ts';
import { command } from '../../command.ts';
import { CliError } from '../../errors.ts';
import { choice, optional, orElse, text, toggle } from '../../options.ts';
import { createPrivateFile } from '../../profile/private-file.ts';
import type { Terminal } from '../../terminal.ts';
import { id } from '../ids.ts';
import {
  asked,
  codeOf,
  creatorCommand,
  creatorOf,
  registryFlags,
  type Creator,
} from './creator.ts';

const identifierFile = optional(text('file', 'a file that holds it; asked for when absent'));
const foundKeyFile = text('file', 'where to write the key of what is found, readable by you only');

const identifierOf = (creator: Creator, file: string | undefined): Promise<string> =>
  asked(creator, {
    what: 'Identifier',
    file,
    otherwise: 'Name a file that holds it: --identifier-file FILE.',
  });

export const findCommand = creatorCommand(
  {
    name: 'find',
    about: 'without a notice: ask for a one-time proof of an identifier of yours',
    flags: {
      kind: choice(findableKinds, 'what it is'),
      identifierFile,
      language: orElse(text('tag', 'of the mail with the code'), 'en'),
    },
  },
  async ({ kind, identifierFile: file, language }, creator) => {
    const identifier = await identifierOf(creator, file);
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
  if (proof.by === 'texted-code')
    return 'A code is on its way by text message, if anything may be recorded about the number.';
  if (proof.by === 'dns') return `Publish a TXT record of ${proof.name} with ${proof.value}`;
  return `Sign this message with the wallet:\n${proof.message}`;
}

export const proveCommand = creatorCommand(
  {
    name: 'prove',
    about: 'hand in the proof: every case of the identifier opens with your new key',
    args: { find: id('fnd', 'as find answered') },
    flags: {
      identifierFile,
      proofFile: optional(text('file', 'the code or the signature; asked for when absent')),
      domain: toggle('the proof is the TXT record'),
      out: foundKeyFile,
    },
  },
  async ({ find, identifierFile: file, proofFile, domain, out }, creator) => {
    const identifier = await identifierOf(creator, file);
    const proof = domain ? {} : { proof: await proofOf(creator, proofFile) };
    const { result, keyFile } = await withNewKeys(out, (keys) =>
      creator.client.prove({ find, identifier, ...keys, ...proof }),
    );
    printFound(creator.terminal, result, keyFile);
  },
);

const proofOf = (creator: Creator, file: string | undefined): Promise<string> =>
  asked(creator, {
    what: 'Code or signature',
    hidden: true,
    file,
    otherwise: 'Name a file that holds it, --proof-file FILE, or say --domain.',
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
  async ({ make, secretFile, out, ...registry }, context) => {
    if (make !== undefined) return makeTicket(context.terminal, resolve(make));
    if (out === undefined) throw nowhere;
    const creator = await creatorOf(context, registry);
    const secret = await codeOf(creator, secretFile, 'Ticket secret');
    const { result, keyFile } = await withNewKeys(out, (keys) =>
      creator.client.ticket({ secret, ...keys }),
    );
    printFound(context.terminal, result, keyFile);
  },
);

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

function printFound(
  terminal: Terminal,
  { found }: CaseOutput<'case.prove'>,
  keyFile: string,
): void {
  terminal.result({ found, keyFile }, () => {
    if (found.length === 0) return terminal.line('There is no case of it here.');
    terminal.table(
      ['', 'submitter', 'submitted', 'state'],
      found.map(({ n, submitter, submittedAt, state }) => [n, submitter, submittedAt, state]),
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
