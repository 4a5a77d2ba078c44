import type { Id, ReviewId } from '@recourse/protocol';
import type { KeptEvidence, Recourse } from '@recourse/sdk';
import { dirname, resolve } from 'node:path';
import { command, group } from '../command.ts';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import {
  bytesKept,
  bytesOfRows,
  openingsInFile,
  openingsInJournal,
  openingsKept,
  type KeptOpenings,
} from '../evidence/kept.ts';
import {
  committedIn,
  fitsAll,
  matched,
  nothingKept,
  readPack,
  verifyPack,
  writePack,
} from '../evidence/pack.ts';
import { ExitSignal, exitCodes } from '../exit-code.ts';
import { opCommand } from '../op-command.ts';
import { id, optional, repeated, reviewId, text } from '../options.ts';
import { readBytes } from '../profile/private-file.ts';
import { rowsOf } from '../terminal.ts';

interface KeptFiles {
  readonly journal?: string;
  readonly rows?: string;
  readonly openings?: string;
  readonly bytes?: readonly string[];
}

const bytes = optional(
  repeated(text('file', 'a file with bytes of an item, where it was moved; may be repeated')),
);

const pack = command(
  {
    name: 'pack',
    about:
      'put the bytes of a submission and what opens them into one folder; the journal of your profile knows both',
    args: { sanction: id('snc') },
    flags: {
      out: text('dir', 'a folder for it, readable by you only'),
      bytes,
      journal: optional(text('file', 'instead of yours: that of an import')),
      rows: optional(
        text('file', 'the import file; the name of the journal without .journal when absent'),
      ),
      openings: optional(
        text('file', 'instead: what submit --json printed, or a file of an outbox'),
      ),
    },
    help: 'Example: recourse evidence pack snc_… --out pack',
  },
  async ({ sanction, out, ...keptIn }, context) => {
    const openings = await keptOf(context, sanction, keptIn);
    const { items } = writePack(out, {
      kept: openings,
      candidates: await candidatesOf(openings, keptIn),
    });
    const dir = resolve(out);
    context.terminal.result({ sanction, dir, items }, () => [
      rowsOf(items, 'item', 'class', 'commitment', 'file'),
      `In ${dir}. It opens what was committed to: keep it as you keep the bytes.`,
    ]);
  },
);

async function keptOf(
  context: Context,
  sanction: Id<'snc'>,
  keptIn: KeptFiles,
): Promise<KeptOpenings> {
  const { journal, openings, rows } = keptIn;
  const { identity } = context;
  const none = { sanction, evidence: [] };
  if (openings !== undefined) {
    const kept = openingsInFile(resolve(openings));
    return kept.sanction === sanction ? kept : none;
  }
  if (journal === undefined) {
    const { journal: folder } = await identity();
    return (
      (await openingsKept(folder, sanction)) ??
      (await openingsShared(context, sanction, keptIn)) ??
      none
    );
  }
  const found = await openingsInJournal(resolve(journal), new Set([sanction]));
  const besides = journal.endsWith('.journal') ? journal.slice(0, -'.journal'.length) : undefined;
  const file = rows ?? besides;
  return { ...(found.get(sanction) ?? none), ...(file === undefined ? {} : { rows: file }) };
}

/** Openings that a colleague shared, of the newest version that files here fit. The registry keeps them sealed, and no files. */
async function openingsShared(
  { connect, identity, terminal }: Context,
  sanction: Id<'snc'>,
  keptIn: KeptFiles,
): Promise<KeptOpenings | undefined> {
  const { keys } = await identity();
  if (!keys.trust) return undefined;
  const { journals } = await connect();
  const shared = await journals.open(sanction, {
    fits: async ({ evidence }) =>
      fitsAll(evidence, await candidatesOf({ sanction, evidence }, keptIn)),
  });
  if (shared.state === 'open') return { sanction, evidence: shared.evidence };
  if (shared.state === 'sealed-before') {
    terminal.note('A colleague shared it before you had a key here. Ask one who has it to run:');
    terminal.note(`  recourse evidence share ${sanction}`);
  }
  return undefined;
}

/** Bytes that may be those committed to: what was named, else what the journal and the rows of an import name. */
async function candidatesOf(
  openings: KeptOpenings,
  { bytes: named }: KeptFiles,
): Promise<Uint8Array[]> {
  const given = [...(named ?? []).map(readBytes), ...bytesKept(openings)];
  const { externalId, rows } = openings;
  const isImported = externalId !== undefined && rows !== undefined && named === undefined;
  return isImported ? [...given, ...(await bytesOfRows(resolve(rows), externalId))] : given;
}

const join = command(
  {
    name: 'join',
    about:
      'publish the key that colleagues share to: from then on you deliver what they recorded, while they are away',
  },
  async (_, { connect, terminal }) => {
    await (await connect()).journals.join();
    terminal.result({ joined: true }, () => [
      'What colleagues record from now on is shared with you.',
      'Older records: a colleague who has one runs recourse evidence share snc_….',
    ]);
  },
);

const share = command(
  {
    name: 'share',
    about: 'share what opens the evidence of a record with all colleagues of today, sealed to them',
    args: { sanction: id('snc') },
    help: 'Example: recourse evidence share snc_…',
  },
  async ({ sanction }, context) => {
    const { journals } = await context.connect();
    // Whoever can open what was shared seals it anew by that, with all that is in it.
    const known = await journals.open(sanction);
    const colleagues =
      known.state === 'open' ? undefined : await shareKept(context, journals, sanction);
    context.terminal.result({ sanction, colleagues }, () =>
      colleagues === 0
        ? 'No colleague has a key for it. Each runs once: recourse evidence join'
        : `${sanction} is shared with every colleague who has a key for it.`,
    );
  },
);

async function shareKept(
  { identity }: Context,
  journals: Recourse['journals'],
  sanction: Id<'snc'>,
): Promise<number> {
  const openings = await openingsKept((await identity()).journal, sanction);
  if (!openings) throw nothingKept(sanction);
  return journals.share(sanction, { evidence: openings.evidence });
}

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
  about:
    'seal the evidence to every reviewer on the case and deliver it; what does not fit never leaves',
  args: { appeal: reviewId() },
  flags: {
    pack: optional(text('dir', 'a pack; without one, what the journal of your profile names')),
    bytes,
  },
  help: 'Example: recourse evidence deliver apl_…',
  input: async ({ appeal, pack: dir, bytes: named }, context) => ({
    appeal,
    evidence: dir === undefined ? await journalled(context, { appeal, named }) : packed(dir),
  }),
  print: ({ items, missing, serves }) => [
    `Delivered ${items.length}: ${items.join(', ')}.`,
    serves > 1 && `${serves} appeals on the same evidence have it.`,
    missing.length > 0 && `Still missing: ${missing.join(', ')}.`,
  ],
});

export const evidenceCommand = group({
  name: 'evidence',
  about: 'evidence behind your own sanctions, from where it is kept to the reviewer',
  commands: [pack, verify, deliver, join, share],
});

/**
 * Reads a pack, all of it as it was committed to.
 * @throws CliError `evidence-unfit`
 */
function packed(dir: string): KeptEvidence[] {
  const items = readPack(dir);
  const unfit = items.find(({ fits }) => !fits);
  if (unfit) throw wrongBytes(unfit.item, dirname(resolve(dir, unfit.file)));
  return items.map(({ bytes: source, ...opening }) => ({ source, opening }));
}

/** The evidence of the sanction that a case is about, as the journal knows it. @throws CliError `evidence-unfit` */
async function journalled(
  context: Context,
  { appeal, named }: { appeal: ReviewId; named: readonly string[] | undefined },
): Promise<KeptEvidence[]> {
  const asked = await (await context.connect()).appeals.get({ appeal });
  const files = named ? { bytes: named } : {};
  const kept = await keptOf(context, asked.sanction, files);
  // A home reversal is shown by its complaint alone, and anything else by the evidence of the statement.
  const wanted = new Set(asked.evidence.map(({ commitment }) => commitment));
  const evidence = kept.evidence.filter(({ commitment }) => wanted.has(commitment));
  const openings = { ...kept, evidence };
  return matched(openings, await candidatesOf(openings, files)).map(
    ({ bytes: source, opening }) => ({
      source,
      opening,
    }),
  );
}

const wrongBytes = (item: number, dir: string): CliError =>
  new CliError('evidence-unfit', {
    message: `Item ${item} in ${dir} is not what was committed to; nothing was sent.`,
    next: 'Restore its bytes as they were, or pack them anew; see recourse evidence verify.',
  });
