import type { Fault } from './fault.ts';
import type { Played } from './play.ts';

const sum = (numbers: readonly number[]): number => numbers.reduce((all, n) => all + n, 0);
const most = (numbers: readonly number[]): number => Math.max(0, ...numbers);

/** A row for each fault, of all its runs. */
export function tableOf(played: readonly Played[]): Record<string, string | number>[] {
  return [...byFault(played)].map(([fault, runs]) => ({
    fault,
    runs: runs.length,
    held: runs.filter(({ isHeld }) => isHeld).length,
    answered: sum(runs.map(({ answered }) => answered)),
    'a second': most(runs.map(({ rate }) => rate)),
    lost: sum(runs.map(({ lost }) => lost)),
    taken: sum(runs.map(({ taken }) => taken)),
    twice: sum(runs.map(({ twice }) => twice)),
    forks: sum(runs.map(({ forks }) => forks.length)),
    'seconds without answers': runs.map(({ silence }) => silence).join(', '),
  }));
}

/** Lists what an operator was shown of each fault, and what is not as it should be. */
export function linesOf(played: readonly Played[]): string[] {
  return [...byFault(played)].flatMap(([fault, runs]) => {
    const all = (namesOf: (played: Played) => readonly string[]): string =>
      [...new Set(runs.flatMap(namesOf))].toSorted().join(', ') || 'nothing';
    return [
      fault,
      `    alerts    ${all(({ alerts }) => alerts)}`,
      `    /readyz   ${all(({ reasons }) => reasons)}`,
      `    log       ${all(({ lines }) => Object.keys(lines))}`,
      `    attempts  ${all(({ attempts }) => Object.keys(attempts))}`,
      `    stories   ${all(({ acts }) => Object.keys(acts))}`,
      ...runs.flatMap(({ outages }) =>
        outages.map(
          ({ seconds, alerts }) =>
            `    ${seconds} s without answers: ${alerts.join(', ') || 'no alert'}`,
        ),
      ),
      ...runs.flatMap(({ faults }, n) =>
        faults.map((text) => `    NOT HELD, run ${n + 1}: ${text}`),
      ),
    ];
  });
}

function byFault(played: readonly Played[]): Map<string, Played[]> {
  const groups = new Map<string, Played[]>();
  for (const result of played)
    groups.set(result.fault, [...(groups.get(result.fault) ?? []), result]);
  return groups;
}

export const listOf = (faults: readonly Fault[]): string =>
  faults.map(({ name, says }) => `${name}\n    ${says}`).join('\n');
