import type { Context } from '../context.ts';
import { ExitSignal } from '../exit-code.ts';
import type { ImportOutcome } from './import-file.ts';

/** Says what an import did, and ends the command with its exit code. */
export function reportImport({ terminal }: Context, outcome: ImportOutcome): void {
  terminal.result(summaryOf(outcome), () => {
    const { tally, refusedByCode, seconds, errorFile, stopped } = outcome;
    const { p50, p99 } = tally.milliseconds;
    const rows: [string, number][] = outcome.dryRun
      ? [['in order', tally.valid]]
      : [
          ['imported', tally.imported],
          ['drafted', tally.drafted],
          ['confirmed', tally.confirmed],
          ['notified', tally.notified],
          ['done before', tally.before],
        ];
    rows.push(['refused', tally.refused]);
    for (const [code, count] of Object.entries(refusedByCode)) rows.push([`  ${code}`, count]);
    terminal.table(['', ''], rows);
    if (p50 > 0) {
      const perSecond = Math.round((tally.imported + tally.drafted) / seconds);
      const each = `${p50} ms a record (p99 ${p99} ms)`;
      terminal.line(`${each}, ${perSecond} a second, ${seconds.toFixed(1)} s in all`);
    }
    if (tally.refused > 0) terminal.line(`What was refused, by line: ${errorFile}`);
    if (stopped) {
      terminal.note(`${stopped.message} (${stopped.code})\nnext: ${stopped.next}`);
    } else if (tally.drafted > tally.confirmed) {
      terminal.note(
        'Drafts lapse in 7 days: have a second trust holder confirm them, --confirm-with KEY.',
      );
    }
  });
  if (outcome.exitCode !== 0) throw new ExitSignal(outcome.exitCode);
}

/** The document of `--json`. */
function summaryOf(outcome: ImportOutcome): object {
  const { file, dryRun, tally, refusedByCode, errorFile, seconds, exitCode, stopped } = outcome;
  const { imported, drafted, confirmed, notified, before, valid, refused } = tally;
  return {
    file,
    dryRun,
    ...(dryRun ? { valid } : { imported, drafted, confirmed, notified, before }),
    refused,
    refusedByCode,
    ...(refused > 0 ? { errorFile } : {}),
    milliseconds: tally.milliseconds,
    seconds: Math.round(seconds * 1000) / 1000,
    exitCode,
    ...(stopped ? { stopped } : {}),
  };
}
