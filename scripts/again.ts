import { spawnSync } from 'node:child_process';
import { readReport, suites } from './suites.ts';
import { filesToRepeat } from './test-report.ts';

// Usage: node scripts/again.ts, after `npm test` in CI. What fails by itself as well has failed; what passes then is
// counted, and named unsteady.
const reports = suites.map((suite): [string, unknown] => [suite, readReport(suite, 'tests')]);
for (const [suite, files] of filesToRepeat(reports)) {
  console.log(`${suite}: once more, by itself: ${files.join(' ')}`);
  spawnSync('vitest', ['run', ...files, '--outputFile.json=reports/again.json'], {
    cwd: suite,
    stdio: 'inherit',
  });
}
