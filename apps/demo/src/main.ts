import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { type Environment, explain, readEnvironment } from '@recourse/cli';
import { tryTampering } from './ledger/try-tampering.ts';
import { harbourDir, searchForLeaks } from './search-for-leaks.ts';
import { startRegistry, type StartedRegistry } from './started-registry.ts';
import { Steps } from './steps.ts';
import { tellStory, type StoryFacts } from './story.ts';

const { values } = parseArgs({
  options: { full: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
});
const print = (text: string): void => {
  (values.json ? process.stderr : process.stdout).write(`${text}\n`);
};
const dir = mkdtempSync(join(tmpdir(), 'recourse-demo-'));
let registry: StartedRegistry | undefined;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void cleanUp().then(() => process.exit(130)));
}

try {
  process.exitCode = (await run(readEnvironment(process.env, process))) ? 0 : 1;
} catch (error) {
  const { code, message, next } = explain(error);
  print(`✗ the demo stopped: ${message} (${code})\n  ${next}`);
  process.exitCode = 1;
} finally {
  await cleanUp();
}

async function run(environment: Environment): Promise<boolean> {
  const steps = new Steps(print);
  const begun = performance.now();
  // A domain has no address: what is stated of it answers without the hold that a sandbox may leave out.
  const settings = { RECOURSE_HOLD_HOURS: '0' };
  registry = await startRegistry(dir, { progress: print, settings });
  print('');
  const harbour = harbourDir(dir);
  const told = await tellStory({ registry, dir: harbour, full: values.full, environment, steps });
  await tryTampering(registry, steps);
  await searchForLeaks(registry, told, steps);
  const seconds = Math.round((performance.now() - begun) / 100) / 10;
  const failed = steps.all.filter((step) => !step.held).length;
  print(`\n${steps.all.length - failed} of ${steps.all.length} held, in ${seconds} s`);
  if (values.json) process.stdout.write(`${JSON.stringify(summary(steps, told, seconds))}\n`);
  return steps.held;
}

function summary(steps: Steps, { imports, round, appeals }: StoryFacts, seconds: number): object {
  return {
    demo: 'recourse',
    held: steps.held,
    steps: steps.all,
    milliseconds: {
      record: imports.map(({ imported }) => imported.tally.milliseconds),
      check: round.milliseconds,
      appeals: appeals.timings.all,
    },
    checks: { checked: round.checked, matched: round.matched, silent: round.silent },
    seconds,
  };
}

async function cleanUp(): Promise<void> {
  await registry?.stop();
  rmSync(dir, { recursive: true, force: true });
}
