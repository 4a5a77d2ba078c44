import { encodeVerifierKey } from '@recourse/ledger';
import { jcs, toBase64url } from '@recourse/protocol';
import { lookAgain, type Look } from '@recourse/verify';
import { resolve } from 'node:path';
import { command } from '../../command.ts';
import type { Context } from '../../context.ts';
import { interrupted, keepLooking } from '../../ledger/keep-looking.ts';
import { stateFileOf, stateFlags, trustedLog, type LogOptions } from '../../ledger/log-options.ts';
import { StateFile } from '../../ledger/state-file.ts';
import { count, orElse } from '../../options.ts';
import { printable, type Terminal } from '../../terminal.ts';
import { logSource } from '../../ledger/mirror-folder.ts';

export const watchCommand = command(
  {
    name: 'watch',
    about:
      'verify the ledger as verify does, and then all that comes, until stopped or until it does not hold',
    flags: { ...stateFlags, every: orElse(count('how often to look', 'seconds'), 10) },
    help: `A line for each public entry that comes, and one for each checkpoint; with --json one JSON document a line. A registry
that does not answer is asked again; one that shows what does not hold ends the watch with exit code 4.`,
  },
  async ({ state, every, ...flags }, context) => {
    const options = { ...context.options, ...flags };
    let size: number | undefined;
    await keepLooking(context, {
      every,
      look: async (signal) => {
        size = await look(context, { state, signal, options }, size);
      },
    });
  },
);

interface WatchOptions {
  readonly state: string | undefined;
  readonly options: LogOptions;
  readonly signal: AbortSignal;
}

/** Witnesses may change between two looks: whom to believe is asked anew. */
async function look(
  { environment, terminal }: Context,
  { state, options, signal }: WatchOptions,
  before: number | undefined,
): Promise<number> {
  const log = await trustedLog(options, environment);
  const path = resolve(state ?? stateFileOf(log));
  const file = new StateFile(path, encodeVerifierKey(log.policy.log));
  const seen = await lookAgain({
    log,
    source: logSource(log.url, signal),
    state: file.read(),
    save: (state) => file.write(state),
    onProgress: () => undefined,
    signal,
  });
  if (!seen.verified.finished) throw interrupted;
  const { size } = seen.verified.checkpoint;
  if (size !== before) tell(terminal, seen);
  return size;
}

function tell(terminal: Terminal, { verified, entries }: Look): void {
  for (const { index, entry } of entries) {
    if (!('detail' in entry)) continue;
    const { type, at, detail } = entry;
    terminal.event({ event: 'entry', index, type, at, detail }, () =>
      printable(`${index}  ${at}  ${type}  ${jcs(detail)}`),
    );
  }
  const { origin, size } = verified.checkpoint;
  const root = toBase64url(verified.checkpoint.root);
  const { recalls } = verified.summary;
  terminal.event(
    { event: 'verified', origin, size, root, new: entries.length, recalls },
    () =>
      `verified  ${origin}, ${size} entries (${entries.length} new), ${recalls.open} recalls open, root ${root}`,
  );
}
