import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { type Environment, explain, readEnvironment } from '@recourse/cli';
import { tryTampering } from './ledger/try-tampering.ts';
import { harbourDir, searchForLeaks } from './search-for-leaks.ts';
import { startNameServer, type NameServer } from './name-server.ts';
import { startRegistry, type StartedRegistry } from './started-registry.ts';
import { Steps } from './steps.ts';
import { storySizes, tellStory, type StoryFacts, type StorySize } from './story.ts';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: 'usual' },
    json: { type: 'boolean', default: false },
  },
});
const print = (text: string): void => {
  (values.json ? process.stderr : process.stdout).write(`${text}\n`);
};
const dir = mkdtempSync(join(tmpdir(), 'recourse-demo-'));
let registry: StartedRegistry | undefined;
let nameServer: NameServer | undefined;
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
  nameServer = await startNameServer();
  const settings = { RECOURSE_HOLD_HOURS: '0', RECOURSE_DNS_SERVER: nameServer.address };
  registry = await startRegistry(dir, { progress: print, settings });
  print('');
  const harbour = harbourDir(dir);
  const place = { registry, nameServer, dir: harbour };
  const facts = await tellStory({ ...place, size: sizeOf(values.size), environment, steps });
  await tryTampering(registry, steps);
  await searchForLeaks(registry, facts, steps);
  const seconds = Math.round((performance.now() - begun) / 100) / 10;
  const failed = steps.all.filter((step) => !step.held).length;
  print(`\n${steps.all.length - failed} of ${steps.all.length} held, in ${seconds} s`);
  if (values.json) process.stdout.write(`${JSON.stringify(summary(steps, facts, seconds))}\n`);
  return steps.held;
}

function sizeOf(name: string): StorySize {
  const size = new Map<string, StorySize>(Object.entries(storySizes)).get(name);
  if (size) return size;
  throw new Error(`--size takes one of ${Object.keys(storySizes).join(', ')}`);
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
  nameServer?.close();
  rmSync(dir, { recursive: true, force: true });
}
