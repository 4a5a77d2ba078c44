import { globSync, readFileSync } from 'node:fs';
import { type Report, summarise, type TurboTask } from './summarise.ts';

// Usage: node scripts/summary.ts, after `npm test -- --summarize` and `npm run test:slow`. The last line is what
// `.ci/run` promises.
const reports = ['fast', 'slow'].map((name): [string, Report | undefined] => [
  name,
  readJson<Report>(`reports/${name}.json`),
]);
const runs = globSync('.turbo/runs/*.json');
const tasks = runs.length === 1 ? readJson<{ tasks: TurboTask[] }>(runs[0] ?? '')?.tasks : [];
const { passed, failed, problems } = summarise({ tasks: tasks ?? [], reports });
for (const problem of problems) console.log(problem);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch {
    return undefined;
  }
}
