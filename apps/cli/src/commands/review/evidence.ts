import { fromBase64url } from '@recourse/protocol';
import {
  isRecourseError,
  type DisputedItem,
  type OpenedEvidence,
  type Rechecked,
  type RecheckedAudit,
} from '@recourse/sdk';
import { Command, Option } from 'commander';
import { join, resolve } from 'node:path';
import { contextOf, type Context } from '../../context.ts';
import type { Environment } from '../../environment.ts';
import { ExitSignal, exitCodes } from '../../exit-code.ts';
import { parseIndex } from '../../options.ts';
import { createPrivateBytes } from '../../profile/private-file.ts';
import type { Terminal } from '../../terminal.ts';
import { appealId } from '../ids.ts';

const whys = ['illegal-media', 'third-party-data'] as const;

interface EvidenceFlags {
  readonly out?: string;
  readonly confirm?: boolean;
  readonly reject?: number;
  readonly dispute?: number;
  readonly why?: (typeof whys)[number];
}

/** Opens what was delivered and compares each item with what the submitter signed for. */
export const evidenceCommand = (environment: Environment): Command =>
  new Command('evidence')
    .description(
      'open the evidence of a claimed case, and say of each item whether its digest fits',
    )
    .argument('<appeal>')
    .option('--out <dir>', 'write what fits into this folder, readable by you only')
    .option('--confirm', 'say to the registry that every item opens and fits')
    .option('--reject <item>', 'instead: destroy an item that nobody may hold', parseIndex)
    .addOption(new Option('--why <why>', 'with --reject').choices([...whys]))
    .option(
      '--dispute <item>',
      'instead: say that an item does not fit, for another reviewer to repeat',
      parseIndex,
    )
    .action(async (appeal: string, flags: EvidenceFlags, command: Command) => {
      const context = contextOf(command, environment);
      const id = appealId(appeal);
      const { reject, why, dispute } = flags;
      if (dispute !== undefined) return disputeItem(context, { appeal: id, item: dispute });
      if (reject !== undefined) {
        const recourse = await context.connect();
        const result = await recourse.evidence.reject({
          appeal: id,
          item: reject,
          why: why ?? command.error('error: --reject needs --why'),
        });
        context.terminal.result(result, () =>
          context.terminal.line(
            `Item ${reject} is destroyed; the submitter delivers a fit one by ${result.evidenceDueAt}.`,
          ),
        );
        return;
      }
      await openAll(context, { id, ...flags });
    });

/** The key that opens the item goes along; the SDK compares once more before anything is said. */
async function disputeItem({ terminal, connect }: Context, of: DisputedItem): Promise<void> {
  const recourse = await connect();
  const disputed = await recourse.evidence.dispute(of);
  terminal.result(disputed, () =>
    terminal.line(`Item ${of.item} is disputed; another reviewer repeats the comparison.`),
  );
}

export const recheckCommand = (environment: Environment): Command =>
  new Command('recheck')
    .description(
      'repeat the comparison of an item that another reviewer says does not fit, of an appeal or an audit',
    )
    .action(async (_: object, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const recourse = await connect();
      const rechecked =
        (await unlessNone(recourse.evidence.recheck())) ??
        (await unlessNone(recourse.audits.recheck()));
      terminal.result({ rechecked: rechecked ?? null }, () =>
        // Nothing to look at is no failure.
        terminal.line(rechecked ? rechecks[rechecked.says](shownOf(rechecked)) : noneWaits),
      );
    });

const noneWaits = 'Nothing waits for you.';

async function unlessNone<T>(looked: Promise<T>): Promise<T | undefined> {
  try {
    return await looked;
  } catch (error) {
    if (isRecourseError(error, 'not-found')) return undefined;
    throw error;
  }
}

/** What was looked at, of an appeal or of an audit. */
interface Shown {
  readonly item: number;
  readonly of: string;
  readonly dueAt: string | undefined;
}

const shownOf = (one: Rechecked | RecheckedAudit): Shown =>
  'appeal' in one
    ? { item: one.item, of: one.appeal, dueAt: one.evidenceDueAt }
    : { item: one.place, of: one.item, dueAt: one.evidenceDueAt };

const rechecks: Readonly<Record<Rechecked['says'], (shown: Shown) => string>> = {
  fits: ({ item, of }) => `Item ${item} of ${of} fits; the claim that it does not is void.`,
  'does-not-open': ({ item, of }) =>
    `The key that was shown opens nothing of item ${item} of ${of}; the claim is void.`,
  'does-not-fit': ({ item, of, dueAt }) =>
    dueAt === undefined
      ? `Item ${item} of ${of} does not fit, and is destroyed.`
      : `Item ${item} of ${of} does not fit, and is destroyed; one that fits is due by ${dueAt}.`,
};

async function openAll(
  { terminal, connect }: Context,
  { id, out, confirm }: EvidenceFlags & { id: ReturnType<typeof appealId> },
): Promise<void> {
  const recourse = await connect();
  const items = await recourse.evidence.open(id);
  const allFit = items.length > 0 && items.every(({ fits }) => fits);
  const confirmed =
    confirm === true && allFit ? await recourse.evidence.confirm({ appeal: id }) : undefined;
  const next = confirmed
    ? `Confirmed at ${confirmed.confirmedAt}.`
    : 'All fit: say so with --confirm.';
  showOpened(terminal, { items, out, next, ...(confirmed ? { more: { confirmed } } : {}) });
}

/** Each opened item and whether it fits. @throws ExitSignal where one does not */
export function showOpened(
  terminal: Terminal,
  of: {
    items: readonly OpenedEvidence[];
    out: string | undefined;
    /** Said where all fit */
    next: string;
    /** Beside the items in JSON */
    more?: object;
  },
): void {
  const { items, out, next, more } = of;
  const shown = items.map((item) => ({ ...withoutBytes(item), file: written(item, out) }));
  const allFit = items.every(({ fits }) => fits);
  terminal.result({ items: shown, ...more }, () => {
    if (items.length === 0) return terminal.line('Nothing was delivered yet.');
    terminal.table(
      ['item', 'class', 'digest', 'bytes', 'file'],
      shown.map(({ item, class: name, fits, code, bytes, file }) => [
        item,
        name,
        fits ? 'fits' : `does not fit: ${code}`,
        bytes,
        file,
      ]),
    );
    if (allFit) terminal.line(next);
  });
  if (!allFit) throw new ExitSignal(exitCodes.notVerified);
}

function withoutBytes({ bytes, ...rest }: OpenedEvidence) {
  return { ...rest, bytes: bytes?.length };
}

/** What does not fit is nobody's evidence, and is not written. */
function written(item: OpenedEvidence, out: string | undefined): string | undefined {
  if (out === undefined || !item.fits) return undefined;
  const path = join(resolve(out), `item-${item.item}-${item.class}.bin`);
  createPrivateBytes(path, item.bytes);
  return path;
}

export const reviewFileCommand = (environment: Environment): Command =>
  new Command('file')
    .description('a file that the creator added to a claimed case')
    .argument('<appeal>')
    .argument('<n>', 'its number, as get lists it', parseIndex)
    .requiredOption('--out <file>', 'where to write it, readable by you only')
    .action(
      async (...[appeal, n, { out }, command]: [string, number, { out: string }, Command]) => {
        const { terminal, connect } = contextOf(command, environment);
        const recourse = await connect();
        const found = await recourse.review.file({ appeal: appealId(appeal), file: n });
        const file = resolve(out);
        createPrivateBytes(file, fromBase64url(found.bytes));
        const { name, mediaType } = found;
        terminal.result({ name, mediaType, file }, () =>
          terminal.line(`${mediaType} in ${file}. It comes from a stranger: open it with care.`),
        );
      },
    );
