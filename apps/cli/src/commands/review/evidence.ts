import { fromBase64url, type ReviewId } from '@recourse/protocol';
import type { OpenedEvidence, RecheckResult } from '@recourse/sdk';
import { join, resolve } from 'node:path';
import { command } from '../../command.ts';
import { unlessNone } from '../../context.ts';
import { CliError } from '../../errors.ts';
import { ExitSignal, exitCodes } from '../../exit-code.ts';
import { choice, index, optional, reviewId, text, toggle } from '../../options.ts';
import { keepPrivateFile } from '../../profile/private-file.ts';
import { rowsOf } from '../../terminal.ts';

/** Opens what was delivered and compares each item with what the submitter signed for. */
export const evidenceCommand = command(
  {
    name: 'evidence',
    about: 'open the evidence of a taken case, and say of each item whether its digest fits',
    args: { appeal: reviewId() },
    flags: {
      out: optional(text('dir', 'write what fits into this folder, readable by you only')),
      confirm: toggle('say to the registry that every item opens and fits'),
      reject: optional(index('item', 'instead: destroy an item that nobody may hold')),
      why: optional(choice(['illegal-media', 'third-party-data'], 'with --reject')),
      dispute: optional(
        index('item', 'instead: say that an item does not fit, for another reviewer to repeat'),
      ),
    },
    help: 'Example: recourse review evidence apl_… --out evidence --confirm\nRun it again after a further delivery: it adds what is new.',
    refuse: ({ dispute, reject, why }) =>
      dispute === undefined && reject !== undefined && why === undefined && noWhy,
  },
  async ({ appeal, out, confirm, reject, why, dispute: item }, { terminal, connect }) => {
    const { evidence } = await connect();
    if (item !== undefined) {
      // The key that opens the item goes along; the SDK compares once more before anything is said.
      const disputed = await evidence.dispute({ appeal, item });
      return terminal.result(
        disputed,
        () => `Item ${item} is disputed; another reviewer repeats the comparison.`,
      );
    }
    if (reject !== undefined && why !== undefined) {
      const rejected = await evidence.reject({ appeal, item: reject, why });
      return terminal.result(
        rejected,
        () =>
          `Item ${reject} is destroyed; the submitter delivers a fit one by ${rejected.evidenceDueAt}.`,
      );
    }
    const opened = await evidence.open(appeal);
    const allFit = opened.every(({ fits }) => fits);
    const isSaid = confirm && allFit && opened.length > 0;
    const confirmed = isSaid ? await evidence.confirm({ appeal }) : undefined;
    const items = opened.map(({ bytes, ...one }) => ({
      ...one,
      bytes: bytes?.length,
      file: written(appeal, { ...one, bytes } as OpenedEvidence, out),
    }));
    terminal.result({ items, ...(confirmed && { confirmed }) }, () =>
      items.length === 0
        ? 'Nothing was delivered yet.'
        : [
            rowsOf(items, 'item', 'class', {
              digest: ({ fits, code }) => (fits ? 'fits' : `does not fit: ${code}`),
              bytes: 'bytes',
              file: 'file',
            }),
            allFit &&
              (confirmed
                ? `Confirmed at ${confirmed.confirmedAt}.`
                : 'All fit: say so with --confirm.'),
          ],
    );
    if (!allFit) throw new ExitSignal(exitCodes.notVerified);
  },
);

const noWhy = new CliError('usage', {
  message: 'An item is rejected for a reason.',
  next: 'Add --why illegal-media or --why third-party-data.',
});

/** What does not fit is nobody's evidence, and is not written. Named by the case: one folder may hold several. */
function written(
  appeal: ReviewId,
  item: OpenedEvidence,
  out: string | undefined,
): string | undefined {
  if (out === undefined || !item.fits) return undefined;
  const path = join(resolve(out), `${appeal}-${item.item}-${item.class}.bin`);
  keepPrivateFile(path, item.bytes);
  return path;
}

export const recheckCommand = command(
  {
    name: 'recheck',
    about:
      'repeat the comparison of an item that another reviewer says does not fit, of an appeal or an inspection',
  },
  async (_, { terminal, connect }) => {
    const rechecked = await unlessNone((await connect()).evidence.recheck());
    terminal.result({ rechecked }, () =>
      rechecked ? foundBy(rechecked) : 'Nothing waits for you.',
    );
  },
);

function foundBy({ says, item, appeal, evidenceDueAt }: RecheckResult): string {
  const named = `${item} of ${appeal}`;
  if (says === 'fits') return `Item ${named} fits; the claim that it does not is void.`;
  if (says === 'does-not-open')
    return `The key that was shown opens nothing of item ${named}; the claim is void.`;
  const next = evidenceDueAt === undefined ? '' : `; one that fits is due by ${evidenceDueAt}`;
  return `Item ${named} does not fit, and is destroyed${next}.`;
}

export const fileCommand = command(
  {
    name: 'file',
    about: 'a file that the creator added to a taken case',
    args: { appeal: reviewId(), n: index('n', 'its number, as get lists it') },
    flags: { out: text('file', 'where to write it, readable by you only') },
  },
  async ({ appeal, n: file, out }, { terminal, connect }) => {
    const { review } = await connect();
    const { name, mediaType, bytes } = await review.file({ appeal, file });
    const path = resolve(out);
    keepPrivateFile(path, fromBase64url(bytes));
    terminal.result(
      { name, mediaType, file: path },
      () => `${mediaType} in ${path}. It comes from a stranger: open it with care.`,
    );
  },
);
