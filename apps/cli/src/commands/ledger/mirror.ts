import { LogSource, mirrorLog, type MirrorInput, type MirrorResult } from '@recourse/verify';
import { resolve } from 'node:path';
import { command } from '../../command.ts';
import type { Context } from '../../context.ts';
import { ExitSignal, exitCodes } from '../../exit-code.ts';
import { interrupted, keepLooking } from '../../ledger/keep-looking.ts';
import { logFlags, trustedLog, type LogOptions } from '../../ledger/log-options.ts';
import { MirrorFolder } from '../../ledger/mirror-folder.ts';
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
    help: `Serve the folder with any web server, and others verify the copy with --url. An operator whose database is lost
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

/** Witnesses may change between two copies: whom to believe is asked anew. */
async function copyLog(
  { environment }: Context,
  { folder, options, ...how }: Mirroring & Pick<MirrorInput, 'onProgress' | 'signal'>,
): Promise<MirrorResult> {
  const log = await trustedLog(options, environment);
  const source = new LogSource(log.url, how.signal);
  return mirrorLog({ log, source, copy: new MirrorFolder(folder), ...how });
}

async function copyOnce(context: Context, mirroring: Mirroring): Promise<void> {
  const { folder } = mirroring;
  const { finished, added, checkpoint } = await watched(context, ({ line, signal }) =>
    copyLog(context, { ...mirroring, onProgress: entryProgress(line), signal }),
  );
  const { origin, size } = checkpoint;
  context.terminal.result({ mirrored: finished, origin, size, added, folder }, () =>
    finished
      ? `${folder} has all ${size} entries of ${origin}; ${added} were new.`
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
      const { finished, added, checkpoint } = await copyLog(context, {
        ...mirroring,
        onProgress: untold,
        signal,
      });
      if (!finished) throw interrupted;
      const { origin, size } = checkpoint;
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
