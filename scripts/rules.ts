import { parseArgs } from 'node:util';
import { checkRules } from './rules/check-rules.ts';
import { ruleChapters } from './rules/index.ts';
import { repositoryAt } from './rules/repository.ts';
import { rulesPage } from './rules/rules-page.ts';

/**
 * `npm run rules`: every rule with its test and its constraint, if any. The last line counts rules without a test.
 * `-- --json` prints them for programs, `-- --page` prints docs/due-process.md. Exit code 1 when something that a rule
 * names does not exist.
 */
const { values } = parseArgs({ options: { json: { type: 'boolean' }, page: { type: 'boolean' } } });
const checked = checkRules(ruleChapters, repositoryAt(process.cwd()));
if (values.page) process.stdout.write(rulesPage());
else if (values.json) console.log(JSON.stringify({ chapters: ruleChapters, ...checked }));
else print();
process.exitCode = checked.problems.length === 0 ? 0 : 1;

function print(): void {
  for (const { title, rules } of ruleChapters) {
    console.log(`\n${title}`);
    for (const { rule, heldBy, constraints = [], tests } of rules) {
      console.log(`\n  ${rule}\n    held by ${[heldBy, ...constraints].join(', ')}`);
      for (const test of tests) console.log(`    test    ${test.file} "${test.title}"`);
    }
  }
  console.log('');
  for (const problem of checked.problems) console.error(`not there: ${problem}`);
  console.log(`${checked.rules} rules, ${checked.untested.length} without a test`);
}
