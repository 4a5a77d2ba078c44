import { existsSync, globSync, readFileSync } from 'node:fs';
import { type Report, summarise, type TurboTask } from './summarise.ts';

// Usage: node scripts/summary.ts, after `npm test -- --summarize` and `npm run test:slow`. The last line is what
// `.ci/run` promises. Faults of a cluster are counted where its programs are installed, and they could be played.
const names = ['fast', 'slow', ...(existsSync('reports/ha.json') ? ['ha'] : [])];
const reports = names.map((name): [string, Report | undefined] => [
  name,
  readJson(`reports/${name}.json`) as Report | undefined,
]);
const runs = globSync('.turbo/runs/*.json');
// A run that did not get that far left none, and of two nobody knows which.
const run = readJson(runs.length === 1 ? (runs[0] ?? '') : '') as
  | { tasks: TurboTask[] }
  | undefined;
const { passed, failed, problems } = summarise({ tasks: run?.tasks ?? [], reports });
for (const problem of problems) console.log(problem);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
