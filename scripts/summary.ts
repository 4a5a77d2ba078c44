import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readReport, suites } from './suites.ts';
import { summarise, type TaskResult } from './summarise.ts';

// Usage: node scripts/summary.ts <folder of turbo's run summary>. The last line is what `.ci/run` promises.
const [runs = '.turbo/runs'] = process.argv.slice(2);

const { passed, failed, problems } = summarise({ tasks: readTasks(), suites, readReport });
for (const problem of problems) console.log(problem);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** The tasks of the only run summary; none when turbo did not get that far. */
function readTasks(): TaskResult[] {
  const [file, ...more] = globSync(join(runs, '*.json'));
  if (file === undefined || more.length > 0) return [];
  return (JSON.parse(readFileSync(file, 'utf8')) as { tasks: TaskResult[] }).tasks;
}
