import { setTimeout as delay } from 'node:timers/promises';
import { VerifyError } from '@recourse/verify';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import { exitCodeOf, exitCodes, ExitSignal } from '../exit-code.ts';
import { explain } from '../explain.ts';
import { stopSignal } from '../progress.ts';

/** How a ledger is looked at again and again. */
export interface Looking {
  /** Seconds between two looks; more while the registry is away */
  readonly every: number;
  readonly look: (signal: AbortSignal) => Promise<void>;
  /** Also waits where the registry is away at the first look, has signed nothing yet, or lacks cosignatures */
  readonly isPatient?: boolean;
}

/** A look that was stopped */
export const interrupted = new ExitSignal(exitCodes.interrupted);

const longestPause = 60;

/**
 * Looks at a ledger until it is stopped, or until something does not hold. A registry that is away is asked again, ever
 * more rarely. With `--json` the end is a line, too.
 */
export async function keepLooking(context: Context, looking: Looking): Promise<never> {
  const { terminal } = context;
  const stop = stopSignal(() => terminal.note('\nStopping; Ctrl-C again stops at once.'));
  const { signal } = stop;
  try {
    await lookOn(context, looking, signal);
    throw interrupted;
  } catch (error) {
    // Stopped in the middle of a look, whatever was in flight fails.
    if (signal.aborted && (isAway(error) || !(error instanceof VerifyError))) throw interrupted;
    if (!terminal.json) throw error;
    terminal.event({ event: 'refused', ...explain(error) }, () => '');
    throw new ExitSignal(exitCodeOf(error));
  } finally {
    stop.dispose();
  }
}

async function lookOn(
  { terminal }: Context,
  { every, look, isPatient = false }: Looking,
  signal: AbortSignal,
): Promise<void> {
  let isFirst = !isPatient;
  let failures = 0;
  do {
    try {
      await look(signal);
      failures = 0;
    } catch (error) {
      const mayPass = isPatient ? isLacking(error) : isAway(error);
      if (!mayPass || isFirst || signal.aborted) throw error;
      if (failures++ === 0) tellAway(terminal, explain(error).code);
    }
    isFirst = false;
  } while (await waited(Math.min(every * 2 ** failures, Math.max(every, longestPause)), signal));
}

function tellAway(terminal: Context['terminal'], code: string): void {
  terminal.event({ event: 'unreachable', code }, () => absences[code] ?? code);
}

/** Faults that pass by themselves, and their words */
const absences: Readonly<Record<string, string>> = {
  'registry-unreachable': 'The registry does not serve its ledger.',
  'checkpoint-missing': 'The registry has no checkpoint yet.',
  'witnesses-missing': 'Too few witnesses have cosigned the checkpoint.',
};

const isLacking = (error: unknown): boolean =>
  (error instanceof CliError || error instanceof VerifyError) && error.code in absences;

const isAway = (error: unknown): boolean =>
  isLacking(error) && explain(error).code === 'registry-unreachable';

/** @returns false once it is stopped */
const waited = (seconds: number, signal: AbortSignal): Promise<boolean> =>
  delay(seconds * 1_000, true, { signal }).catch(() => false);
