import type { RetokeniseResult } from '@recourse/sdk';
import { command } from '../command.ts';
import { exitCodes, ExitSignal } from '../exit-code.ts';
import { stopSignal } from '../progress.ts';
import { count, orElse, text } from '../options.ts';
import { readKeptIdentifiers } from '../import/kept-identifiers.ts';
import { rowsOf } from '../terminal.ts';

const progressEvery = 100;

/** Own records get the tokens of the next epoch. Run again, it goes on with what is left. */
export const retokeniseCommand = command(
  {
    name: 'retokenise',
    about: 'give your records the tokens of the next epoch, from the identifiers that you keep',
    args: {
      file: text(
        'file',
        '.csv or .ndjson: sanction or ref, kind, identifier; one identifier a row',
      ),
    },
    flags: { concurrency: orElse(count('records at a time'), 4) },
  },
  async ({ file, concurrency }, { terminal, connect }) => {
    const identifiers = await readKeptIdentifiers(file);
    const { sanctions } = await connect();
    const stop = stopSignal((text) => terminal.note(text));
    const left: RetokeniseResult[] = [];
    let done = 0;
    const all = sanctions.retokenise(
      ({ sanction, ref }) =>
        identifiers.get(sanction) ?? (ref === undefined ? undefined : identifiers.get(ref)),
      { concurrency },
    );
    for await (const result of all) {
      if (result.outcome === 'retokenised') done += 1;
      else left.push(result);
      const seen = done + left.length;
      if (seen % progressEvery === 0) terminal.note(`${done} retokenised, ${left.length} left`);
      if (stop.signal.aborted) break;
    }
    const interrupted = stop.signal.aborted;
    stop.dispose();
    terminal.result({ retokenised: done, left, interrupted }, () => [
      `Retokenised: ${done}. Left: ${left.length}.`,
      rowsOf(left, 'sanction', 'ref', { why: 'outcome' }),
    ]);
    if (!interrupted && left.length === 0) return;
    if (!terminal.json)
      terminal.note(
        'Run the same command again to go on. What has no new tokens when its epoch closes ends.',
      );
    throw new ExitSignal(interrupted ? exitCodes.interrupted : exitCodes.refused);
  },
);
