import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { checkRules, readRules } from './due-process.ts';

/**
 * `npm run rules`: what is wrong with docs/due-process.md, and nothing where all is well. `-- --list` prints each rule
 * with what holds it and its tests, `-- --json` the same for programs. Exit code 1 when a line cannot be read, or when a
 * file, a title or a name of a rule does not exist, or when a rule has no test. `tests/rules-constraints.test.ts`
 * compares the constraints with a migrated database.
 */
const { values } = parseArgs({
  options: { json: { type: 'boolean' }, list: { type: 'boolean' } },
});
const page = readRules(readFileSync('docs/due-process.md', 'utf8'));
const { chapters } = page;
const checked = checkRules(page, process.cwd());
if (values.json) console.log(JSON.stringify({ chapters, ...checked }));
else if (values.list) print();
for (const problem of checked.problems) console.error(`docs/due-process.md:${problem}`);
for (const rule of checked.untested) console.error(`docs/due-process.md: no test holds: ${rule}`);
process.exitCode = checked.problems.length + checked.untested.length === 0 ? 0 : 1;

function print(): void {
  for (const { title, rules } of chapters) {
    console.log(`\n${title}`);
    for (const { rule, heldBy, constraints, tests } of rules) {
      console.log(`\n  ${rule}\n    held by ${[heldBy, ...constraints].join(', ')}`);
      for (const test of tests) console.log(`    test    ${test.file} "${test.title}"`);
    }
  }
  console.log(`\n${checked.rules} rules, ${checked.untested.length} without a test`);
}
