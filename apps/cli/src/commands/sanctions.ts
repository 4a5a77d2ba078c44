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
import { facts, rowsOf } from '../terminal.ts';
import { outcomeOf } from './appeals.ts';
import { confirmCommand } from './confirm.ts';
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
      disputed: isDisputed,
      told: 'toldPlatforms',
    }),
});

const isDisputed = ({ disputed }: { disputed: boolean }): string => (disputed ? 'yes' : 'no');

const get = opCommand({
  op: 'sanctions.get',
  about: 'one own sanction with its history',
  args: { sanction: id('snc') },
  print: ({ statement: _statement, draft: _draft, returned, ...record }) => {
    const { history, subjects, appeals, recalls, deliveries, echoReview, ...rest } = record;
    return [
      facts({
        ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, String(value)])),
        recalls: `${recalls.issued} issued, ${recalls.acknowledged} acknowledged`,
        ...(returned && { 'returned by': returned.by, 'returned for': returned.reason }),
        ...Object.fromEntries(
          deliveries.map(({ index, channel, state }) => [
            `${channel} to identifier ${index}`,
            state,
          ]),
        ),
        ...(echoReview && {
          'review as a derived record': `due ${echoReview.dueAt}, ends ${echoReview.endsAt}`,
        }),
      }),
      rowsOf(subjects, { subject: 'index' }, 'kind', { 'matches until': 'matchesUntil' }),
      rowsOf(history, 'at', 'event', 'cause'),
      appeals.length > 0 && rowsOf(appeals, 'appeal', 'ground', 'state', { outcome: outcomeOf }),
    ];
  },
});

const status = opCommand({
  op: 'sanctions.status',
  about: 'what became of a sanction that you were told of',
  args: { sanction: id('snc') },
  print: (told) =>
    rowsOf([told], 'sanction', 'state', 'version', { disputed: isDisputed, expires: 'expiresAt' }),
});

const withdraw = opCommand({
  op: 'sanctions.withdraw',
  about: 'end an own sanction; every platform that was told is told',
  args: { sanction: id('snc') },
  flags: { cause: choice(withdrawalCauses, 'why') },
  print: ({ sanction, state, recalls }) =>
    `${sanction} is ${state}. Platforms told to undo: ${recalls}.`,
});

const returnDraft = opCommand({
  op: 'sanctions.returnDraft',
  name: 'return-draft',
  about: 'give a draft back to its author, who may record it anew',
  args: { sanction: id('snc') },
  flags: { reason: text('text', 'what the author should change; your platform alone reads it') },
  print: ({ sanction }) => `${sanction} is returned, and no draft any more.`,
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
  input: async ({ sanction, evidence, ...how }) => ({
    sanction,
    evidence: await Promise.all(
      evidence.map(async ({ name, path }) => ({ class: name, source: await blobOf(path), ...how })),
    ),
  }),
  print: ({ sanction, state, evidence }) => [
    `${sanction} is confirmed, and ${state}.`,
    evidence.map((item) => `Keep with the bytes of ${item.class}: salt ${item.salt}`),
  ],
});

function itemOf(text: string): { name: EvidenceClass; path: string } {
  const [, given, path] = /^([a-z-]+)=(.+)$/.exec(text) ?? [];
  const name = evidenceClassNames.find((one) => one === given);
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
  about: 'your own sanctions, and the status of those you were told of',
  commands: [
    list,
    get,
    withdraw,
    confirmEcho,
    confirmCommand,
    returnDraft,
    retokeniseCommand,
    status,
  ],
});
