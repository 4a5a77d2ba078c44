import type { EquivalentMutant } from './equivalent-mutants.ts';

/** A changed piece of a source file, and whether a test noticed. Lines and columns count from 1. */
export interface Mutant {
  fileName: string;
  status: string;
  replacement?: string;
  location: { start: Place; end: Place };
}

interface Place {
  line: number;
  column: number;
}

/** The figures of some files. `equivalent` ones are no part of `total`. */
export interface Tally {
  killed: number;
  total: number;
  equivalent: number;
  survivors: string[];
  /** Listed as equivalent, but noticed by a test or no longer there. */
  stale: string[];
}

const KILLED = new Set(['Killed', 'Timeout']);
const SURVIVED = new Set(['Survived', 'NoCoverage']);

/** Counts mutants; `sourceOf` reads a file by the name that the mutant has. */
export function tally(
  mutants: Mutant[],
  listed: EquivalentMutant[],
  sourceOf: (file: string) => string,
): Tally {
  const lived = mutants.filter(({ status }) => SURVIVED.has(status));
  const described = lived.map((mutant) => describe(mutant, sourceOf(mutant.fileName)));
  const isListed = (mutant: DescribedMutant) => listed.some((entry) => same(entry, mutant));
  const survivors = described.filter((mutant) => !isListed(mutant));
  const killed = mutants.filter(({ status }) => KILLED.has(status)).length;
  return {
    killed,
    total: killed + survivors.length,
    equivalent: described.length - survivors.length,
    survivors: survivors.map(
      ({ file, at, was, becomes }) => `${file}:${at}  ${was}  ->  ${becomes}`,
    ),
    stale: listed
      .filter((entry) => !described.some((mutant) => same(entry, mutant)))
      .map(({ file, was, becomes }) => `${file}  ${was}  ->  ${becomes}`),
  };
}

/** The last line of the command. */
export function scoreLine(tallies: Tally[]): string {
  const killed = tallies.reduce((sum, one) => sum + one.killed, 0);
  const total = tallies.reduce((sum, one) => sum + one.total, 0);
  return `mutation score ${percent(killed, total)} % (${killed}/${total}), ${total - killed} survivors`;
}

/** Rounded down, so that 100 means all. */
export function percent(killed: number, total: number): string {
  return total === 0 ? '100.0' : (Math.floor((killed * 1000) / total) / 10).toFixed(1);
}

interface DescribedMutant extends Omit<EquivalentMutant, 'why'> {
  at: number;
}

function same(entry: EquivalentMutant, mutant: DescribedMutant): boolean {
  return (
    entry.file === mutant.file &&
    entry.line === mutant.line &&
    entry.was === mutant.was &&
    entry.becomes === mutant.becomes
  );
}

function describe(
  { fileName, location, replacement = '' }: Mutant,
  source: string,
): DescribedMutant {
  const { start, end } = location;
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const line = flat(lines[0] ?? '');
  lines.push((lines.pop() ?? '').slice(0, end.column - 1));
  lines[0] = (lines[0] ?? '').slice(start.column - 1);
  return {
    file: fileName,
    at: start.line,
    line,
    was: flat(lines.join('\n')),
    becomes: flat(replacement),
  };
}

function flat(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
