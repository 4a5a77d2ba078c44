import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const run = promisify(execFile);

it('the whole demo holds', { timeout: 600_000 }, async () => {
  const args = ['--conditions=@recourse/source', main, '--size', 'small', '--json'];
  // It exits with 1 where a step is not held, and says which on stdout all the same.
  const ended = run(process.execPath, args, { maxBuffer: 2 ** 24 });
  const { stdout } = await ended.catch((error: { stdout: string }) => error);
  const { steps } = JSON.parse(stdout) as { steps: { what: string; held: boolean }[] };
  expect(steps.filter(({ held }) => !held)).toEqual([]);
  expect(steps.length).toBeGreaterThan(50);
});
