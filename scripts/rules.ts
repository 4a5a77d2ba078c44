import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { checkRules, readRules } from './due-process.ts';

/**
 * `npm run rules`: the rules of docs/due-process.md, each with what holds it and its tests. The last line counts rules
 * without a test; `-- --json` prints all of it for programs. Exit code 1 when a line cannot be read, or when a file, a
 * title or a name of a rule does not exist. `rules.test.ts` looks for the constraints in a migrated database.
 */
const { values } = parseArgs({ options: { json: { type: 'boolean' } } });
const page = readRules(readFileSync('docs/due-process.md', 'utf8'));
const { chapters } = page;
const checked = checkRules(page, process.cwd());
if (values.json) console.log(JSON.stringify({ chapters, ...checked }));
else print();
process.exitCode = checked.problems.length === 0 ? 0 : 1;

function print(): void {
  for (const { title, rules } of chapters) {
    console.log(`\n${title}`);
    for (const { rule, heldBy, constraints, tests } of rules) {
      console.log(`\n  ${rule}\n    held by ${[heldBy, ...constraints].join(', ')}`);
      for (const test of tests) console.log(`    test    ${test.file} "${test.title}"`);
    }
  }
  console.log('');
  for (const problem of checked.problems) console.error(`docs/due-process.md:${problem}`);
  console.log(`${checked.rules} rules, ${checked.untested.length} without a test`);
}
