import { parseArgs } from 'node:util';
import { lawNames, type LawName } from './laws/law.ts';

export interface Options {
  readonly seed: number;
  readonly seconds: number;
  readonly acts: number;
  readonly laws: ReadonlySet<LawName>;
  readonly day: number;
  readonly isHonest: boolean;
  readonly json: boolean;
  /** Ends at the first find */
  readonly untilFound: boolean;
  /** The id of a rule that is taken out */
  readonly without: string | undefined;
}

export const usage = `Usage: npm run hunt -- [--seed 1] [--seconds 120] [--acts N] [--laws ${lawNames.join(',')}] [--day 0..6] [--honest] [--until-found] [--without id] [--json]`;

const isLaw = (name: string): name is LawName => lawNames.some((one) => one === name);

/** @returns nothing where the arguments say something else */
export function parseOptions(args: readonly string[]): Options | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        seed: { type: 'string', default: '1' },
        seconds: { type: 'string', default: '120' },
        acts: { type: 'string', default: 'Infinity' },
        laws: { type: 'string', default: lawNames.join() },
        day: { type: 'string' },
        without: { type: 'string' },
        'until-found': { type: 'boolean', default: false },
        honest: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    const [seed, seconds, acts] = [values.seed, values.seconds, values.acts].map(Number) as [
      number,
      number,
      number,
    ];
    const laws = values.laws.split(',').filter(isLaw);
    const day = values.day === undefined ? seed % 7 : Number(values.day);
    if (laws.length === 0 || [seed, seconds, acts, day].some(Number.isNaN)) return undefined;
    const { honest: isHonest, json, without, 'until-found': untilFound } = values;
    const numbers = { seed, seconds, acts, day };
    return { ...numbers, laws: new Set(laws), isHonest, json, untilFound, without };
  } catch {
    return undefined;
  }
}
