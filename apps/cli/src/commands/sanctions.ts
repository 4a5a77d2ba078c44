import {
  evidenceClassNames,
  ownEvidenceBases,
  sanctionStates,
  withdrawalCauses,
  type EvidenceClass,
} from '@recourse/protocol';
import { openAsBlob } from 'node:fs';
import { group } from '../command.ts';
import { CliError } from '../errors.ts';
import { opCommand } from '../op-command.ts';
import { choice, id, optional, repeated, text, time, value } from '../options.ts';
import { rowsOf } from '../terminal.ts';
import { retokeniseCommand } from './retokenise.ts';

const list = opCommand({
  op: 'sanctions.list',
  about: 'own sanctions, the newest first',
  flags: {
    state: optional(choice(sanctionStates, 'only those')),
    ref: optional(text('ref', 'only those of this case of your own')),
  },
  pages: 'sanctions',
  print: ({ sanctions }) =>
    rowsOf(sanctions, 'sanction', 'state', 'reason', {
      submitted: ({ submittedAt }) => submittedAt.slice(0, 10),
      expires: ({ expiresAt }) => expiresAt.slice(0, 10),
      disputed: ({ disputed }) => (disputed ? 'yes' : 'no'),
      told: 'toldPlatforms',
    }),
});

const withdraw = opCommand({
  op: 'sanctions.withdraw',
  about: 'end an own sanction; every platform that was told is told',
  args: { sanction: id('snc') },
  flags: { cause: choice(withdrawalCauses, 'why') },
  print: ({ sanction, state, recalls }) =>
    `${sanction} is ${state}. Platforms told to undo: ${recalls}.`,
});

/** An own record that followed one that fell. */
const confirmEcho = opCommand({
  op: 'sanctions.confirmEcho',
  name: 'confirm-echo',
  about:
    'confirm a record under review as a derived record with evidence that you collected yourself',
  args: { sanction: id('snc') },
  flags: {
    evidence: repeated(
      value('class=file', 'an item; may be repeated, and proves the act by itself', itemOf),
    ),
    collectedAt: time('when you collected it'),
    basis: choice(
      ownEvidenceBases,
      'independent: before you were told of the other record; later: after that',
    ),
  },
  input: async ({ sanction, evidence, ...how }) => [
    {
      sanction,
      evidence: await Promise.all(
        evidence.map(async ({ name, path }) => ({
          class: name,
          source: await blobOf(path),
          ...how,
        })),
      ),
    },
  ],
  print: (confirmed) =>
    confirmed.flatMap(({ sanction, state, evidence }) => [
      `${sanction} is confirmed, and ${state}.`,
      evidence.map((item) => `Keep with the bytes of ${item.class}: salt ${item.salt}`),
    ]),
});

function itemOf(text: string): { name: EvidenceClass; path: string } {
  const [, given, path] = /^([a-z-]+)=(.+)$/.exec(text) ?? [];
  const name = evidenceClassNames.find((className) => className === given);
  if (name && path !== undefined) return { name, path };
  throw new CliError('usage', {
    message: 'Evidence is a class and a file, such as payment-records=export.csv.',
    next: `The classes are ${evidenceClassNames.join(', ')}.`,
  });
}

async function blobOf(path: string): Promise<Blob> {
  try {
    return await openAsBlob(path);
  } catch (cause) {
    throw new CliError(
      'file-unreadable',
      { message: `${path} cannot be read.`, next: 'Check the path and its rights.' },
      { cause },
    );
  }
}

export const sanctionsCommand = group({
  name: 'sanctions',
  about:
    'your own sanctions; recourse call sanctions.get shows one, sanctions.status one that you were told of',
  commands: [list, withdraw, confirmEcho, retokeniseCommand],
});
