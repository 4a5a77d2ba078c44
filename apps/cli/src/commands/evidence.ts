import type { KeptEvidence } from '@recourse/sdk';
import { Command } from 'commander';
import { dirname, resolve } from 'node:path';
import { contextOf } from '../context.ts';
import type { Environment } from '../environment.ts';
import { CliError } from '../errors.ts';
import { bytesOfFiles, bytesOfRows } from '../evidence/candidates.ts';
import { committedIn } from '../evidence/committed-in.ts';
import { openingsInFile, openingsInJournal, type KeptOpenings } from '../evidence/openings.ts';
import { readPack } from '../evidence/read-pack.ts';
import { verifyPack } from '../evidence/verify-pack.ts';
import { writePack } from '../evidence/write-pack.ts';
import { ExitSignal, exitCodes } from '../exit-code.ts';
import { collect } from '../options.ts';
import { appealId } from './ids.ts';
import { sanctionId } from './ids.ts';

export const evidenceCommand = (environment: Environment): Command =>
  new Command('evidence')
    .description('evidence behind your own sanctions, from where it is kept to the reviewer')
    .addCommand(packCommand(environment))
    .addCommand(verifyCommand(environment))
    .addCommand(deliverCommand(environment));

interface PackFlags {
  readonly out: string;
  readonly journal?: string;
  readonly rows?: string;
  readonly openings?: string;
  readonly bytes: string[];
}

const packCommand = (environment: Environment): Command =>
  new Command('pack')
    .description('put the bytes of a submission and what opens them into one folder, offline')
    .argument('<sanction>')
    .requiredOption('--out <dir>', 'a folder for it, readable by you only')
    .option('--journal <file>', 'of the import that it came from; the bytes are found by its rows')
    .option(
      '--rows <file>',
      'the import file; the name of the journal without .journal when absent',
    )
    .option('--openings <file>', 'instead: what submit --json printed, or a file of an outbox')
    .option('--bytes <file>', 'a file with bytes of an item; may be repeated', collect, [])
    .action(async (sanction: string, flags: PackFlags, command: Command) => {
      const { terminal } = contextOf(command, environment);
      const kept = await keptOf(sanctionId(sanction), flags);
      const candidates = [...bytesOfFiles(flags.bytes), ...(await rowsOf(kept, flags))];
      const { items } = writePack(flags.out, { kept, candidates });
      const dir = resolve(flags.out);
      terminal.result({ sanction, dir, items }, () => {
        terminal.table(
          ['item', 'class', 'commitment', 'file'],
          items.map((one) => [one.item, one.class, one.commitment, one.file]),
        );
        terminal.line(`In ${dir}. It opens what was committed to: keep it as you keep the bytes.`);
      });
    });

async function keptOf(sanction: string, flags: PackFlags): Promise<KeptOpenings> {
  const { journal, openings } = flags;
  if (openings !== undefined) {
    const kept = openingsInFile(resolve(openings));
    return kept.sanction === sanction ? kept : { sanction, evidence: [] };
  }
  if (journal === undefined) throw noOpenings;
  const found = await openingsInJournal(resolve(journal), new Set([sanction]));
  return found.get(sanction) ?? { sanction, evidence: [] };
}

async function rowsOf({ externalId }: KeptOpenings, flags: PackFlags): Promise<Uint8Array[]> {
  const { journal, rows } = flags;
  const besides = journal?.endsWith('.journal') ? journal.slice(0, -'.journal'.length) : undefined;
  const file = rows ?? (flags.bytes.length === 0 ? besides : undefined);
  if (externalId === undefined || file === undefined) return [];
  return bytesOfRows(resolve(file), externalId);
}

const noOpenings = new CliError('usage', {
  message: 'It is not said what opens the evidence.',
  next: 'Name the journal of the import, --journal FILE, or what the submission left, --openings FILE.',
});

const verifyCommand = (environment: Environment): Command =>
  new Command('verify')
    .description('compute the commitments of a pack anew, and compare them, offline')
    .argument('<dir>', 'a pack')
    .option('--statement <file>', 'with those that the submitter signed: recourse-sanction+jwt')
    .option('--commitments <file>', 'with a list: a JSON array in the order of the statement')
    .action(
      async (
        dir: string,
        { statement, commitments }: { statement?: string; commitments?: string },
        command: Command,
      ) => {
        const { terminal } = contextOf(command, environment);
        const verdicts = verifyPack(readPack(dir), committedIn({ statement, commitments }));
        const held = verdicts.every(({ verdict }) => verdict === 'fits');
        terminal.result({ held, items: verdicts }, () => {
          for (const { item, class: name, commitment, verdict } of verdicts) {
            terminal.line(
              `${verdict === 'fits' ? '✓' : '✗'} ${item} ${name} ${commitment} ${verdict}`,
            );
          }
        });
        if (!held) throw new ExitSignal(exitCodes.notVerified);
      },
    );

const deliverCommand = (environment: Environment): Command =>
  new Command('deliver')
    .description(
      'seal a pack to every reviewer on the case and deliver it; what does not fit never leaves',
    )
    .argument('<appeal>')
    .requiredOption('--pack <dir>', 'as pack made it')
    .action(async (appeal: string, { pack: dir }: { pack: string }, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const id = appealId(appeal);
      const evidence = packed(dir);
      const recourse = await connect();
      const delivered = await recourse.evidence.deliver({ appeal: id, evidence });
      terminal.result(delivered, () => {
        const { items, missing } = delivered;
        terminal.line(`Delivered ${items.length}: ${items.join(', ')}.`);
        if (missing.length > 0) terminal.line(`Still missing: ${missing.join(', ')}.`);
      });
    });

/** What a pack holds, all of it as it was committed to. @throws CliError `evidence-unfit` */
export function packed(dir: string): KeptEvidence[] {
  const { items } = readPack(dir);
  const unfit = items.find(({ fits }) => !fits);
  if (unfit) throw wrongBytes(unfit.item, dirname(resolve(dir, unfit.file)));
  return items.map(({ bytes: source, ...opening }) => ({ source, opening }));
}

const wrongBytes = (item: number, dir: string): CliError =>
  new CliError('evidence-unfit', {
    message: `Item ${item} in ${dir} is not what was committed to; nothing was sent.`,
    next: 'Restore its bytes as they were, or pack them anew; see recourse evidence verify.',
  });
