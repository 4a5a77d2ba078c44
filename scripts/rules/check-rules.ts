import type { Rule, RuleChapter, RuleTest } from './rule.ts';

/** What a repository has, as far as rules name it. */
export interface Repository {
  /** Text of a file, or the path of a folder; undefined where there is neither */
  readonly read: (path: string) => string | undefined;
  /** Whether a name stands in the sources outside tests */
  readonly isNamed: (name: string) => boolean;
}

export interface CheckedRules {
  readonly rules: number;
  /** Rules of which no test exists */
  readonly untested: readonly string[];
  /** What rules name and the repository does not have */
  readonly problems: readonly string[];
}

/** Compares what rules say of files, names and tests with what there is. */
export function checkRules(chapters: readonly RuleChapter[], repository: Repository): CheckedRules {
  const rules = chapters.flatMap((chapter) => chapter.rules);
  const untested = rules.filter(({ tests }) => !tests.some((test) => isThere(test, repository)));
  return {
    rules: rules.length,
    untested: untested.map(({ rule }) => rule),
    problems: rules.flatMap((rule) => faultsOf(rule, repository)),
  };
}

/** A string literal of the file begins with the title, as the one of a test or of its table does. */
function isThere({ file, title }: RuleTest, { read }: Repository): boolean {
  const text = read(file) ?? '';
  return title !== '' && ["'", '"', '`'].some((quote) => text.includes(quote + title));
}

function faultsOf(rule: Rule, repository: Repository): string[] {
  const { where, constraints = [], tests } = rule;
  const faults = tests
    .filter((test) => !isThere(test, repository))
    .map(({ file, title }) => `${file} has no test "${title}"`);
  const nowhere = where.filter((place) =>
    place.includes('/') ? repository.read(place) === undefined : !repository.isNamed(place),
  );
  faults.push(...nowhere.map((place) => `${place} is nowhere`));
  if (where.length + constraints.length === 0) faults.push('nothing is named that holds it');
  return faults.map((fault) => `${rule.rule}: ${fault}`);
}
