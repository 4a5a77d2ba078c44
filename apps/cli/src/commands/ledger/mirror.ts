import { mirrorLog, type MirrorInput, type MirrorResult } from '@recourse/verify';
import { resolve } from 'node:path';
import { command } from '../../command.ts';
import type { Context } from '../../context.ts';
import { ExitSignal, exitCodes } from '../../exit-code.ts';
import { keepDocument, type KeyMember } from '../../ledger/mirror-document.ts';
import { interrupted, keepLooking } from '../../ledger/keep-looking.ts';
import { logFlags, trustedLog, type LogOptions } from '../../ledger/log-options.ts';
import { logSource, MirrorFolder } from '../../ledger/mirror-folder.ts';
import { count, orElse, text, toggle } from '../../options.ts';
import { entryProgress, watched } from '../../progress.ts';

export const mirrorCommand = command(
  {
    name: 'mirror',
    about: 'keep a copy of the ledger as static files, checked against what was signed',
    flags: {
      ...logFlags,
      to: text('folder', 'where to keep it; the same folder goes on from what it has'),
      follow: toggle('keep running, and copy each checkpoint as it comes'),
      every: orElse(count('how often to look, with --follow', 'seconds'), 1),
    },
    help: `Others verify the copy with --url: the folder itself, or any web server that serves it. It has the registry's
document, too, renewed in each run: what changed of its keys is said. An operator whose database is lost
recovers from it. With --follow it asks a registry that is away again, and ends with exit code 4 when the log contradicts
the copy; with --json it writes one JSON document a line.`,
  },
  async ({ to, follow, every, ...flags }, context) => {
    const options = { ...context.options, ...flags };
    const folder = resolve(to);
    if (follow) await followLog(context, { folder, every, options });
    else await copyOnce(context, { folder, options });
  },
);

interface Mirroring {
  readonly folder: string;
  readonly options: LogOptions;
}

interface Mirrored extends MirrorResult {
  /** Keys about which the registry says something else than in the copy before */
  readonly changed: readonly KeyMember[];
}

/** Witnesses may change between two copies: whom to believe is asked anew. */
async function copyLog(
  { environment }: Context,
  { folder, options, ...how }: Mirroring & Pick<MirrorInput, 'onProgress' | 'signal'>,
): Promise<Mirrored> {
  const log = await trustedLog(options, environment);
  const source = logSource(log.url, how.signal);
  const copy = new MirrorFolder(folder);
  const result = await mirrorLog({ log, source, copy, ...how });
  return { ...result, changed: result.finished ? await keepDocument(copy, { log, source }) : [] };
}

const changedKeys = (changed: readonly KeyMember[]): string =>
  `/.well-known/recourse was renewed. Since the copy before, these changed: ${changed.join(', ')}.`;

async function copyOnce(context: Context, mirroring: Mirroring): Promise<void> {
  const { folder } = mirroring;
  const { finished, added, checkpoint, changed } = await watched(context, ({ line, signal }) =>
    copyLog(context, { ...mirroring, onProgress: entryProgress(line), signal }),
  );
  const { origin, size } = checkpoint;
  context.terminal.result({ mirrored: finished, origin, size, added, folder, changed }, () =>
    finished
      ? [
          `${folder} has all ${size} entries of ${origin}; ${added} were new.`,
          changed.length > 0 && changedKeys(changed),
        ]
      : `Stopped; ${folder} is as it was, and the same command starts from there.`,
  );
  if (!finished) throw new ExitSignal(exitCodes.interrupted);
}

/** A line for each checkpoint that is copied, and one when the registry is there again. */
async function followLog(
  context: Context,
  { every, ...mirroring }: Mirroring & { every: number },
): Promise<void> {
  let before: number | undefined;
  await keepLooking(context, {
    every,
    isPatient: true,
    look: async (signal) => {
      const { finished, added, checkpoint, changed } = await copyLog(context, {
        ...mirroring,
        onProgress: untold,
        signal,
      });
      if (!finished) throw interrupted;
      const { origin, size } = checkpoint;
      if (changed.length > 0) {
        context.terminal.event({ event: 'keys-changed', origin, changed }, () =>
          changedKeys(changed),
        );
      }
      if (size === before) return;
      before = size;
      const { folder } = mirroring;
      context.terminal.event(
        { event: 'mirrored', origin, size, added, folder },
        () => `mirrored  ${origin}, ${size} entries (${added} new)`,
      );
    },
  });
}

const untold = (): void => undefined;
