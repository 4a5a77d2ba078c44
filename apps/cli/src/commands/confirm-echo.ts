import {
  evidenceClassNames,
  ownEvidenceBases,
  type EvidenceClass,
  type EchoConfirmation,
} from '@recourse/protocol';
import { Command, Option } from 'commander';
import { openAsBlob } from 'node:fs';
import { contextOf } from '../context.ts';
import type { Environment } from '../environment.ts';
import { CliError } from '../errors.ts';
import { collect, parseDate } from '../options.ts';
import { sanctionId } from './ids.ts';

interface Flags {
  readonly evidence: readonly string[];
  readonly collectedAt: Date;
  readonly basis: EchoConfirmation['evidence'][number]['basis'];
}

/** An own record that followed one that fell. */
export const confirmEchoCommand = (environment: Environment): Command =>
  new Command('confirm-echo')
    .description('confirm a record under echo review with evidence that you collected yourself')
    .argument('<sanction>')
    .requiredOption(
      '--evidence <class=file>',
      'an item; may be repeated, and proves the act by itself',
      collect,
    )
    .requiredOption('--collected-at <time>', 'when you collected it', parseDate)
    .addOption(
      new Option(
        '--basis <basis>',
        'independent: before you were told of the other record; later: after that',
      )
        .choices([...ownEvidenceBases])
        .makeOptionMandatory(),
    )
    .action(async (sanction: string, flags: Flags, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const { collectedAt, basis } = flags;
      const items = flags.evidence.map(itemOf);
      const evidence = await Promise.all(
        items.map(async ({ name, path }) => ({
          class: name,
          source: await blobOf(path),
          collectedAt,
          basis,
        })),
      );
      const recourse = await connect();
      const result = await recourse.sanctions.confirmEcho({
        sanction: sanctionId(sanction),
        evidence,
      });
      terminal.result(result, () => {
        terminal.line(`${result.sanction} is confirmed, and ${result.state}.`);
        for (const item of result.evidence) {
          terminal.line(`Keep with the bytes of ${item.class}: salt ${item.salt}`);
        }
      });
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
