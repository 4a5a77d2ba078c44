import { operations, untried } from './acts/table.ts';
import type { Hunted } from './hunt.ts';

/** The last line of `--json`. */
export const jsonLine = ({ counts, covered, caught }: Hunted): string =>
  JSON.stringify({
    acts: counts.acts,
    covered: covered.length,
    of: operations.length,
    broken: caught.map(({ broken, isConfirmed, seed, acts, after }) => ({
      law: broken.law,
      kind: broken.kind,
      what: broken.what,
      confirmed: isConfirmed,
      seed,
      acts: acts.length,
      after,
    })),
  });

/** For people: what was broken, as a test each, and what no act reached. */
export function* tableOf({ counts, covered, caught }: Hunted, seconds: number): Generator<string> {
  const rate = (counts.acts / seconds).toFixed(0);
  const share = ((100 * covered.length) / operations.length).toFixed(0);
  yield `${counts.acts} acts in ${seconds.toFixed(0)} s, ${rate} a second`;
  yield `${covered.length} of ${operations.length} operations were accepted at least once, ${share} %`;
  yield '';
  yield 'never accepted, and by which codes they were refused:';
  const unreasoned = new Set(untried.map(({ op }) => op));
  for (const op of operations) {
    if (covered.includes(op) || unreasoned.has(op)) continue;
    yield `  ${op.padEnd(26)} ${counts.refusals(op).join(' ') || 'never tried'}`;
  }
  yield 'left out:';
  for (const { op, why } of untried) yield `  ${op.padEnd(26)} ${why}`;
  yield '';
  for (const { broken, isConfirmed, test } of caught) {
    yield `${broken.law} ${isConfirmed ? 'is broken' : 'is broken in branches alone'}: ${broken.what}`;
    yield test;
    yield '';
  }
  yield caught.some(({ isConfirmed }) => isConfirmed) ? 'laws are broken' : 'no law is broken';
}
