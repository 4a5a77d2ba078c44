import { LogSource, mirrorLog } from '@recourse/verify';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { contextOf } from '../../context.ts';
import type { Environment } from '../../environment.ts';
import { ExitSignal, exitCodes } from '../../exit-code.ts';
import { stopSignal } from '../../import/stop-signal.ts';
import { MirrorFolder } from '../../ledger/mirror-folder.ts';
import { progressLine } from '../../ledger/progress-line.ts';
import { trustedLog, type LogOptions } from '../../ledger/log-options.ts';
import { withLogFlags } from './log-flags.ts';

export const mirrorCommand = (environment: Environment): Command =>
  withLogFlags(
    new Command('mirror').description(
      'keep a copy of the ledger as static files, checked against what was signed',
    ),
  )
    .requiredOption('--to <folder>', 'where to keep it; the same folder goes on from what it has')
    .addHelpText(
      'after',
      `
Serve the folder with any web server, and others verify the copy with --url. An operator whose database is lost
recovers from it.`,
    )
    .action(async ({ to }: { to: string }, command: Command) => {
      const { terminal } = contextOf(command, environment);
      const log = await trustedLog(command.optsWithGlobals<LogOptions>(), environment);
      const folder = resolve(to);
      const line = progressLine(environment);
      const stop = stopSignal((text) => terminal.note(text));
      const mirrored = await mirrorLog({
        log,
        source: new LogSource(log.url, stop.signal),
        copy: new MirrorFolder(folder),
        onProgress: (done) => line.show(done),
        signal: stop.signal,
      }).finally(() => {
        line.end();
        stop.dispose();
      });
      const { finished, added, checkpoint } = mirrored;
      const { origin, size } = checkpoint;
      terminal.result({ mirrored: finished, origin, size, added, folder }, () =>
        terminal.line(
          finished
            ? `${folder} has all ${size} entries of ${origin}; ${added} were new.`
            : `Stopped; ${folder} is as it was, and the same command starts from there.`,
        ),
      );
      if (!finished) throw new ExitSignal(exitCodes.interrupted);
    });
