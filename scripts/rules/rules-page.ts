import { ruleChapters } from './index.ts';
import type { Rule } from './rule.ts';

/** `docs/due-process.md`: every rule, what holds it and the test that attacks it. */
export function rulesPage(): string {
  const chapters = ruleChapters.flatMap(({ title, rules }) => [
    '',
    `## ${title}`,
    '',
    '| rule | held by | where | test |',
    '|---|---|---|---|',
    ...rules.map(rowOf),
  ]);
  return [...HEAD, ...chapters].join('\n') + '\n';
}

const HEAD = [
  '# Due process',
  '',
  'What protects a person, what holds it, and the test that attacks it. Written by `scripts/rules.ts` from `scripts/rules/`: do',
  'not edit. `npm run rules` prints the same and fails when a test, a file or a name of it does not exist; a test compares the',
  'constraints with those of a migrated database. What does not exist yet is in [limits.md](limits.md).',
  '',
  '*Held by* says how strong it is. **Database**: a constraint or a missing right, also against the code of the service.',
  '**Signature**: whoever reads can check it, also against the operator. **Code**: a rule with a test; a mistake in the code',
  'would lift it. A place in `code type` without a folder is a name to search for.',
];

function rowOf({ rule, heldBy, where, constraints = [], tests }: Rule): string {
  const places = [...constraints, ...where].map((place) =>
    place.includes('/') ? linkTo(place) : `\`${place}\``,
  );
  const proofs = tests.map(({ file, title }) => `${linkTo(file)} "${title}"`);
  return `| ${[rule, heldBy, places.join(', '), proofs.join('; ')].map(cell).join(' | ')} |`;
}

/** By the last part of its path, which is enough to know it by. */
function linkTo(path: string): string {
  const name = path
    .split('/')
    .slice(-2)
    .join('/')
    .replace(/^(src|tests)\//, '');
  return `[${name}](../${path})`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|');
