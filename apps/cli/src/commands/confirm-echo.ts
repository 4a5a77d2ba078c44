import { evidenceClassNames, ownEvidenceBases, type EvidenceClass } from '@recourse/protocol';
import { openAsBlob } from 'node:fs';
import { CliError } from '../errors.ts';
import { opCommand } from '../op-command.ts';
import { choice, parseDate, repeated, value } from '../options.ts';
import { id } from './ids.ts';

/** An own record that followed one that fell. */
export const confirmEchoCommand = opCommand({
  op: 'sanctions.confirmEcho',
  name: 'confirm-echo',
  about: 'confirm a record under echo review with evidence that you collected yourself',
  args: { sanction: id('snc') },
  flags: {
    evidence: repeated(
      value('class=file', 'an item; may be repeated, and proves the act by itself', itemOf),
    ),
    collectedAt: value('time', 'when you collected it', parseDate),
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
  print: ({ sanction, state, evidence }, terminal) => {
    terminal.line(`${sanction} is confirmed, and ${state}.`);
    for (const item of evidence) {
      terminal.line(`Keep with the bytes of ${item.class}: salt ${item.salt}`);
    }
  },
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
