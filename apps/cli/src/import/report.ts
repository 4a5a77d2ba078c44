import type { Context } from '../context.ts';
import { ExitSignal } from '../exit-code.ts';
import { table } from '../terminal.ts';
import type { ImportOutcome } from './import-file.ts';

/** Says what an import did, and ends the command with its exit code. */
export function reportImport({ terminal }: Context, outcome: ImportOutcome): void {
  const { dryRun, tally, refusedByCode, seconds, errorFile, stopped, exitCode } = outcome;
  const { imported, drafted, confirmed, notified, before, valid, refused } = tally;
  const { p50, p99 } = tally.milliseconds;
  const done = dryRun
    ? { 'in order': valid }
    : { imported, drafted, confirmed, notified, 'done before': before };
  terminal.result(summaryOf(outcome), () => [
    table(
      ['', ''],
      [
        ...Object.entries({ ...done, refused }),
        ...Object.entries(refusedByCode).map(([code, count]) => [`  ${code}`, count]),
      ],
    ),
    p50 > 0 &&
      `${p50} ms a record (p99 ${p99} ms), ${Math.round((imported + drafted) / seconds)} a second, ${seconds.toFixed(1)} s in all`,
    refused > 0 && `What was refused, by line: ${errorFile}`,
  ]);
  if (!terminal.json && stopped) {
    terminal.note(`${stopped.message} (${stopped.code})\nnext: ${stopped.next}`);
  } else if (!terminal.json && drafted > confirmed) {
    terminal.note(
      'Drafts lapse in 7 days: have a second trust holder confirm them, --confirm-with KEY.',
    );
  }
  if (exitCode !== 0) throw new ExitSignal(exitCode);
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
