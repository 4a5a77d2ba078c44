import type { KeptEvidence } from '@recourse/sdk';
import { dirname, resolve } from 'node:path';
import { command, group } from '../command.ts';
import { CliError } from '../errors.ts';
import {
  bytesOfRows,
  openingsInFile,
  openingsInJournal,
  type KeptOpenings,
} from '../evidence/kept.ts';
import { committedIn, readPack, verifyPack, writePack } from '../evidence/pack.ts';
import { readBytes } from '../profile/private-file.ts';
import { ExitSignal, exitCodes } from '../exit-code.ts';
import { opCommand } from '../op-command.ts';
import { id, optional, repeated, reviewId, text } from '../options.ts';
import { rowsOf } from '../terminal.ts';

interface KeptFiles {
  readonly journal?: string;
  readonly rows?: string;
  readonly openings?: string;
  readonly bytes?: readonly string[];
}

const pack = command(
  {
    name: 'pack',
    about: 'put the bytes of a submission and what opens them into one folder, offline',
    args: { sanction: id('snc') },
    flags: {
      out: text('dir', 'a folder for it, readable by you only'),
      journal: optional(
        text('file', 'of the import that it came from; the bytes are found by its rows'),
      ),
      rows: optional(
        text('file', 'the import file; the name of the journal without .journal when absent'),
      ),
      openings: optional(
        text('file', 'instead: what submit --json printed, or a file of an outbox'),
      ),
      bytes: optional(repeated(text('file', 'a file with bytes of an item; may be repeated'))),
    },
  },
  async ({ sanction, out, ...keptIn }, { terminal }) => {
    const kept = await keptOf(sanction, keptIn);
    const candidates = [
      ...(keptIn.bytes ?? []).map(readBytes),
      ...(await bytesInRows(kept, keptIn)),
    ];
    const { items } = writePack(out, { kept, candidates });
    const dir = resolve(out);
    terminal.result({ sanction, dir, items }, () => [
      rowsOf(items, 'item', 'class', 'commitment', 'file'),
      `In ${dir}. It opens what was committed to: keep it as you keep the bytes.`,
    ]);
  },
);

async function keptOf(sanction: string, flags: KeptFiles): Promise<KeptOpenings> {
  const { journal, openings } = flags;
  if (openings !== undefined) {
    const kept = openingsInFile(resolve(openings));
    return kept.sanction === sanction ? kept : { sanction, evidence: [] };
  }
  if (journal === undefined) throw noOpenings;
  const found = await openingsInJournal(resolve(journal), new Set([sanction]));
  return found.get(sanction) ?? { sanction, evidence: [] };
}

async function bytesInRows({ externalId }: KeptOpenings, flags: KeptFiles): Promise<Uint8Array[]> {
  const { journal, rows } = flags;
  const besides = journal?.endsWith('.journal') ? journal.slice(0, -'.journal'.length) : undefined;
  const file = rows ?? (flags.bytes === undefined ? besides : undefined);
  if (externalId === undefined || file === undefined) return [];
  return bytesOfRows(resolve(file), externalId);
}

const noOpenings = new CliError('usage', {
  message: 'It is not said what opens the evidence.',
  next: 'Name the journal of the import, --journal FILE, or what the submission left, --openings FILE.',
});

const verify = command(
  {
    name: 'verify',
    about: 'compute the commitments of a pack anew, and compare them, offline',
    args: { dir: text('dir', 'a pack') },
    flags: {
      statement: optional(
        text('file', 'with those that the submitter signed: recourse-sanction+jwt'),
      ),
      commitments: optional(
        text('file', 'with a list: a JSON array in the order of the statement'),
      ),
    },
  },
  async ({ dir, ...files }, { terminal }) => {
    const verdicts = verifyPack(readPack(dir), committedIn(files));
    const held = verdicts.every(({ verdict }) => verdict === 'fits');
    terminal.result({ held, items: verdicts }, () =>
      verdicts.map(
        ({ item, class: name, commitment, verdict }) =>
          `${verdict === 'fits' ? '✓' : '✗'} ${item} ${name} ${commitment} ${verdict}`,
      ),
    );
    if (!held) throw new ExitSignal(exitCodes.notVerified);
  },
);

const deliver = opCommand({
  op: 'evidence.deliver',
  about: 'seal a pack to every reviewer on the case and deliver it; what does not fit never leaves',
  args: { appeal: reviewId() },
  flags: { pack: text('dir', 'as pack made it') },
  input: ({ appeal, pack }) => ({ appeal, evidence: packed(pack) }),
  print: ({ items, missing, serves }) => [
    `Delivered ${items.length}: ${items.join(', ')}.`,
    serves > 1 && `${serves} appeals on the same evidence have it.`,
    missing.length > 0 && `Still missing: ${missing.join(', ')}.`,
  ],
});

export const evidenceCommand = group({
  name: 'evidence',
  about: 'evidence behind your own sanctions, from where it is kept to the reviewer',
  commands: [pack, verify, deliver],
});

/** What a pack holds, all of it as it was committed to. @throws CliError `evidence-unfit` */
function packed(dir: string): KeptEvidence[] {
  const items = readPack(dir);
  const unfit = items.find(({ fits }) => !fits);
  if (unfit) throw wrongBytes(unfit.item, dirname(resolve(dir, unfit.file)));
  return items.map(({ bytes: source, ...opening }) => ({ source, opening }));
}

const wrongBytes = (item: number, dir: string): CliError =>
  new CliError('evidence-unfit', {
    message: `Item ${item} in ${dir} is not what was committed to; nothing was sent.`,
    next: 'Restore its bytes as they were, or pack them anew; see recourse evidence verify.',
  });
