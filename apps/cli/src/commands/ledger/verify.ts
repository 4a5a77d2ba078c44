import { encodeVerifierKey } from '@recourse/ledger';
import { toBase64url } from '@recourse/protocol';
import { LogSource, type VerifiedLedger, verifyLedger } from '@recourse/verify';
import { Command } from 'commander';
import { resolve } from 'node:path';
import { contextOf, type Context } from '../../context.ts';
import type { Environment } from '../../environment.ts';
import { ExitSignal, exitCodes } from '../../exit-code.ts';
import { stopSignal } from '../../import/stop-signal.ts';
import {
  stateFileOf,
  trustedLog,
  type ChosenLog,
  type LogOptions,
} from '../../ledger/log-options.ts';
import { progressLine } from '../../ledger/progress-line.ts';
import { StateFile } from '../../ledger/state-file.ts';
import { withStateFlag } from './log-flags.ts';

interface VerifyFlags {
  readonly state?: string;
  readonly anew?: boolean;
}

export const verifyCommand = (environment: Environment): Command =>
  withStateFlag(
    new Command('verify').description(
      'derive the whole ledger anew: signature, history, entries, tiles, root, key chains, recalls',
    ),
  )
    .option('--anew', 'read all of it again, also what was read before')
    .addHelpText('after', verifyHelp)
    .action(async (flags: VerifyFlags, command: Command) => {
      const context = contextOf(command, environment);
      const log = await trustedLog(command.optsWithGlobals<LogOptions>(), environment);
      const key = encodeVerifierKey(log.policy.log);
      const path = resolve(flags.state ?? stateFileOf(log));
      const verified = await verifyWith(context, {
        log,
        file: new StateFile(path, key),
        anew: flags.anew === true,
      });
      report(context, { verified, key, path });
    });

const verifyHelp = `
Ctrl-C stops it; the same command goes on from there. What it finds has a code each: see docs/ledger.md.`;

async function verifyWith(
  { environment, terminal }: Context,
  { log, file, anew }: { log: ChosenLog; file: StateFile; anew: boolean },
): Promise<VerifiedLedger> {
  const { progress, ...notes } = file.read();
  const line = progressLine(environment);
  const stop = stopSignal((text) => terminal.note(text));
  try {
    return await verifyLedger({
      log,
      source: new LogSource(log.url, stop.signal),
      state: anew || !progress ? notes : { ...notes, progress },
      save: (state) => file.write(state),
      onProgress: (done) => line.show(done),
      signal: stop.signal,
    });
  } finally {
    line.end();
    stop.dispose();
  }
}

function report(
  { terminal }: Context,
  { verified, key, path }: { verified: VerifiedLedger; key: string; path: string },
): void {
  const { finished, entries, checkpoint, note, summary } = verified;
  const { origin, size } = checkpoint;
  const root = toBase64url(checkpoint.root);
  const document = { verified: finished, origin, key, size, root, entries, checkpoint: note };
  terminal.result({ ...document, state: path, ...summary }, () => {
    if (!finished) {
      terminal.line(
        `Stopped at ${entries} of ${size} entries; the same command goes on from there.`,
      );
      return;
    }
    const { parties, keys, recalls } = summary;
    terminal.line(
      `${terminal.styled('bold', 'verified')}  ${origin}, ${size} entries, root ${root}`,
    );
    terminal.table(
      ['', ''],
      [
        ['parties', parties],
        ['keys', keys],
        ...Object.entries(recalls).map(([name, count]) => [`recalls ${name}`, count]),
      ],
    );
    terminal.line(
      `Kept in ${path}: the next run starts there, and notices a ledger that is rolled back.`,
    );
  });
  if (!finished) throw new ExitSignal(exitCodes.interrupted);
}
