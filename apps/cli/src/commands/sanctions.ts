import {
  evidenceClassNames,
  liftedBy,
  ownEvidenceBases,
  sanctionStates,
  withdrawalCauses,
  type EvidenceClass,
  type LiftedBy,
} from '@recourse/protocol';
import type { Lifting } from '@recourse/sdk';
import { openAsBlob } from 'node:fs';
import { resolve } from 'node:path';
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
  flags: {
    cause: choice(withdrawalCauses, 'why'),
    liftedAt: optional(
      time('of a home-reversal: when the measure was lifted; within 72 hours it counts in nothing'),
    ),
    liftedBy: optional(choice(liftedBy, 'who lifted it')),
    complaint: optional(
      text('file', 'the complaint or the ruling: it stays here, and a reviewer may ask for it'),
    ),
  },
  input: async ({ sanction, cause, ...lifting }) => ({
    sanction,
    cause,
    lifted: await liftingOf(lifting),
  }),
  print: ({ sanction, state, recalls, complaint }) => [
    `${sanction} is ${state}. Platforms told to undo: ${recalls}.`,
    complaint !== undefined && `Keep with the complaint: salt ${complaint.salt}`,
  ],
});

interface LiftingFlags {
  readonly liftedAt?: Date;
  readonly liftedBy?: LiftedBy;
  readonly complaint?: string;
}

async function liftingOf({
  liftedAt: at,
  liftedBy: by,
  complaint,
}: LiftingFlags): Promise<Lifting | undefined> {
  if (at === undefined && by === undefined && complaint === undefined) return undefined;
  if (at && by && complaint !== undefined) {
    return { at, by, complaint: { source: await blobOf(complaint), from: resolve(complaint) } };
  }
  throw new CliError('usage', {
    message: 'A lifting is its time, who did it, and the complaint.',
    next: 'Give --lifted-at, --lifted-by and --complaint together, or none of them.',
  });
}

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
