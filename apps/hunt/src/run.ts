import process from 'node:process';
import { hunt } from './hunt.ts';
import type { Options } from './options.ts';
import { jsonLine, tableOf } from './report.ts';
import type { Rule } from './rules/rule.ts';
import { startWorld } from './world/start-world.ts';

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Hunts as the command line says. @returns its exit code */
export async function run(options: Options, without?: Rule): Promise<number> {
  let isStopped = false;
  process.once('SIGINT', () => {
    isStopped = true;
    say('stopping with what there is');
  });
  const { seed, laws, isHonest, untilFound } = options;
  const world = await startWorld(options.day, without);
  const begun = performance.now();
  const seconds = (): number => (performance.now() - begun) / 1000;
  let told = 0;
  const hunted = await hunt(world, {
    seed,
    laws,
    isHonest,
    untilFound,
    seconds,
    onProgress: say,
    isOver: (acts) => {
      if (seconds() - told >= 10) {
        told = seconds();
        say(`${acts} acts in ${told.toFixed(0)} s`);
      }
      return isStopped || acts >= options.acts || seconds() >= options.seconds;
    },
  });
  if (options.json) {
    // The last line has no room for the acts of a find.
    for (const { test } of hunted.caught) say(test);
    console.log(jsonLine(hunted));
  } else for (const line of tableOf(hunted, seconds())) console.log(line);
  await world.close();
  return hunted.caught.some(({ isConfirmed }) => isConfirmed) ? 1 : 0;
}
