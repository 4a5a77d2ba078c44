import type { Retokenised } from '@recourse/sdk';
import { command } from '../command.ts';
import type { Context } from '../context.ts';
import { exitCodes, ExitSignal } from '../exit-code.ts';
import { stopSignal } from '../import/stop-signal.ts';
import { orElse, parseCount, text, value } from '../options.ts';
import { readKeptIdentifiers } from '../retokenise/kept-identifiers.ts';

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
    flags: { concurrency: orElse(value('n', 'records at a time', parseCount), 4) },
  },
  async ({ file, concurrency }, context) => {
    const kept = await readKeptIdentifiers(file);
    const recourse = await context.connect();
    const stop = stopSignal((text) => context.terminal.note(text));
    const left: Retokenised[] = [];
    let done = 0;
    const all = recourse.sanctions.retokenise(
      ({ sanction, ref }) => kept.get(sanction) ?? (ref === undefined ? undefined : kept.get(ref)),
      { concurrency },
    );
    for await (const one of all) {
      if (one.outcome === 'retokenised') done += 1;
      else left.push(one);
      if ((done + left.length) % progressEvery === 0) {
        context.terminal.note(`${done} retokenised, ${left.length} left`);
      }
      if (stop.signal.aborted) break;
    }
    const isStopped = stop.signal.aborted;
    stop.dispose();
    report(context, { done, left, isStopped });
  },
);

function report(
  { terminal }: Context,
  { done, left, isStopped }: { done: number; left: readonly Retokenised[]; isStopped: boolean },
): void {
  terminal.result({ retokenised: done, left, interrupted: isStopped }, () => {
    terminal.line(`Retokenised: ${done}. Left: ${left.length}.`);
    terminal.table(
      ['sanction', 'ref', 'why'],
      left.map(({ sanction, ref, outcome }) => [sanction, ref, outcome]),
    );
    if (left.length > 0 || isStopped) {
      terminal.note(
        'Run the same command again to go on. What has no new tokens when its epoch closes ends.',
      );
    }
  });
  if (isStopped) throw new ExitSignal(exitCodes.interrupted);
  if (left.length > 0) throw new ExitSignal(exitCodes.refused);
}
