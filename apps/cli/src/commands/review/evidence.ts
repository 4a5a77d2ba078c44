import { fromBase64url, type OpOutput, type ReviewId } from '@recourse/protocol';
import type { OpenedEvidence, Rechecked } from '@recourse/sdk';
import { join, resolve } from 'node:path';
import { command } from '../../command.ts';
import type { Context } from '../../context.ts';
import { CliError } from '../../errors.ts';
import { ExitSignal, exitCodes } from '../../exit-code.ts';
import { choice, optional, parseIndex, text, toggle, value } from '../../options.ts';
import { createPrivateBytes } from '../../profile/private-file.ts';
import type { Terminal } from '../../terminal.ts';
import { reviewId } from '../ids.ts';
import { unlessNone } from './take.ts';

/** Opens what was delivered and compares each item with what the submitter signed for. */
export const evidenceCommand = command(
  {
    name: 'evidence',
    about: 'open the evidence of a claimed case, and say of each item whether its digest fits',
    args: { appeal: reviewId() },
    flags: {
      out: optional(text('dir', 'write what fits into this folder, readable by you only')),
      confirm: toggle('say to the registry that every item opens and fits'),
      reject: optional(value('item', 'instead: destroy an item that nobody may hold', parseIndex)),
      why: optional(choice(['illegal-media', 'third-party-data'], 'with --reject')),
      dispute: optional(
        value(
          'item',
          'instead: say that an item does not fit, for another reviewer to repeat',
          parseIndex,
        ),
      ),
    },
  },
  async ({ appeal, reject, why, dispute: item, ...flags }, context) => {
    const { terminal, connect } = context;
    if (item !== undefined) {
      // The key that opens the item goes along; the SDK compares once more before anything is said.
      const disputed = await (await connect()).evidence.dispute({ appeal, item });
      return terminal.result(disputed, () => terminal.line(disputedItem(item)));
    }
    if (reject === undefined) return openAll(context, { appeal, ...flags });
    if (why === undefined) throw noWhy;
    const result = await (await connect()).evidence.reject({ appeal, item: reject, why });
    return terminal.result(result, () =>
      terminal.line(
        `Item ${reject} is destroyed; the submitter delivers a fit one by ${result.evidenceDueAt}.`,
      ),
    );
  },
);

const disputedItem = (item: number): string =>
  `Item ${item} is disputed; another reviewer repeats the comparison.`;

const noWhy = new CliError('usage', {
  message: 'An item is rejected for a reason.',
  next: 'Add --why illegal-media or --why third-party-data.',
});

export const recheckCommand = command(
  {
    name: 'recheck',
    about:
      'repeat the comparison of an item that another reviewer says does not fit, of an appeal or an inspection',
  },
  async (_, { terminal, connect }) => {
    const rechecked = await unlessNone((await connect()).evidence.recheck());
    terminal.result({ rechecked }, () =>
      terminal.line(rechecked ? rechecks[rechecked.says](rechecked) : 'Nothing waits for you.'),
    );
  },
);

const rechecks: Readonly<Record<Rechecked['says'], (shown: Rechecked) => string>> = {
  fits: ({ item, appeal: of }) => `Item ${item} of ${of} fits; the claim that it does not is void.`,
  'does-not-open': ({ item, appeal: of }) =>
    `The key that was shown opens nothing of item ${item} of ${of}; the claim is void.`,
  'does-not-fit': ({ item, appeal: of, evidenceDueAt: dueAt }) =>
    dueAt === undefined
      ? `Item ${item} of ${of} does not fit, and is destroyed.`
      : `Item ${item} of ${of} does not fit, and is destroyed; one that fits is due by ${dueAt}.`,
};

async function openAll(
  { terminal, connect }: Context,
  { appeal, out, confirm }: { appeal: ReviewId; out?: string; confirm?: true },
): Promise<void> {
  const { evidence } = await connect();
  const items = await evidence.open(appeal);
  const allFit = items.length > 0 && items.every(({ fits }) => fits);
  const confirmed = confirm && allFit ? await evidence.confirm({ appeal }) : undefined;
  const next = confirmed
    ? `Confirmed at ${confirmed.confirmedAt}.`
    : 'All fit: say so with --confirm.';
  showOpened(terminal, { items, out, next, ...(confirmed ? { more: { confirmed } } : {}) });
}

/** Each opened item and whether it fits. @throws ExitSignal where one does not */
function showOpened(
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

export const fileCommand = command(
  {
    name: 'file',
    about: 'a file that the creator added to a claimed case',
    args: { appeal: reviewId(), n: value('n', 'its number, as get lists it', parseIndex) },
    flags: { out: text('file', 'where to write it, readable by you only') },
  },
  async ({ appeal, n: file, out }, { terminal, connect }) =>
    keepFile(terminal, await (await connect()).review.file({ appeal, file }), out),
);

/** Writes what a stranger added. */
function keepFile(
  terminal: Terminal,
  { name, mediaType, bytes }: OpOutput<'review.file'>,
  out: string,
): void {
  const file = resolve(out);
  createPrivateBytes(file, fromBase64url(bytes));
  terminal.result({ name, mediaType, file }, () =>
    terminal.line(`${mediaType} in ${file}. It comes from a stranger: open it with care.`),
  );
}
