import { encodeVerifierKey } from '@recourse/ledger';
import { jcs, toBase64url } from '@recourse/protocol';
import { LogSource, type Look, lookAgain, VerifyError } from '@recourse/verify';
import { Command } from 'commander';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { contextOf, type Context } from '../../context.ts';
import type { Environment } from '../../environment.ts';
import { CliError } from '../../errors.ts';
import { exitCodeOf, exitCodes, ExitSignal } from '../../exit-code.ts';
import { explain } from '../../explain.ts';
import { stopSignal } from '../../import/stop-signal.ts';
import { stateFileOf, trustedLog, type LogOptions } from '../../ledger/log-options.ts';
import { StateFile } from '../../ledger/state-file.ts';
import { parseCount } from '../../options.ts';
import { printable, type Terminal } from '../../terminal.ts';
import { withStateFlag } from './log-flags.ts';

interface WatchFlags {
  readonly state?: string;
  readonly every: number;
}

export const watchCommand = (environment: Environment): Command =>
  withStateFlag(
    new Command('watch').description(
      'verify the ledger as verify does, and then all that comes, until stopped or until it does not hold',
    ),
  )
    .option('--every <seconds>', 'how often to look', parseCount, 10)
    .addHelpText('after', watchHelp)
    .action(async (flags: WatchFlags, command: Command) => {
      const context = contextOf(command, environment);
      const { terminal } = context;
      const stop = stopSignal(() => terminal.note('\nStopping; Ctrl-C again stops at once.'));
      const options = command.optsWithGlobals<LogOptions>();
      try {
        await watch(context, { flags, options, signal: stop.signal });
        throw interrupted;
      } catch (error) {
        // Stopped in the middle of a look, whatever was in flight fails.
        if (stop.signal.aborted && (isDown(error) || !(error instanceof VerifyError)))
          throw interrupted;
        if (!terminal.json) throw error;
        terminal.event({ event: 'refused', ...explain(error) }, () => '');
        throw new ExitSignal(exitCodeOf(error));
      } finally {
        stop.dispose();
      }
    });

const watchHelp = `
A line for each public entry that comes, and one for each checkpoint; with --json one JSON document a line. A registry
that does not answer is asked again; one that shows what does not hold ends the watch with exit code 4.`;

const interrupted = new ExitSignal(exitCodes.interrupted);

interface Watching {
  readonly flags: WatchFlags;
  readonly options: LogOptions;
  readonly signal: AbortSignal;
}

async function watch(context: Context, watching: Watching): Promise<void> {
  const { flags, signal } = watching;
  const { terminal } = context;
  let size = await look(context, watching, undefined);
  while (await waited(flags.every * 1000, signal)) {
    try {
      size = await look(context, watching, size);
    } catch (error) {
      if (!isDown(error) || signal.aborted) throw error;
      terminal.event({ event: 'unreachable' }, () => 'The registry does not serve its ledger.');
    }
  }
}

const isDown = (error: unknown): boolean =>
  (error instanceof CliError || error instanceof VerifyError) &&
  error.code === 'registry-unreachable';

/** Witnesses may change between two looks: whom to believe is asked anew. */
async function look(
  { environment, terminal }: Context,
  { flags, options, signal }: Watching,
  before: number | undefined,
): Promise<number> {
  const log = await trustedLog(options, environment);
  const path = resolve(flags.state ?? stateFileOf(log));
  const file = new StateFile(path, encodeVerifierKey(log.policy.log));
  const seen = await lookAgain({
    log,
    source: new LogSource(log.url, signal),
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
  const summary = { origin, size, root, new: entries.length, recalls };
  terminal.event(
    { event: 'verified', ...summary },
    () =>
      `verified  ${origin}, ${size} entries (${entries.length} new), ${recalls.open} recalls open, root ${root}`,
  );
}

/** @returns false once it is stopped */
async function waited(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await delay(ms, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}
