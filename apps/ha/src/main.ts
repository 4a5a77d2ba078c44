import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { randomInt } from 'node:crypto';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import type { Fault } from './fault.ts';
import { faults } from './faults.ts';
import { brokenOff, playFault, type Played } from './play.ts';
import { removeNetworks } from './network.ts';
import { killBelow, unmountBelow } from './postgres-node.ts';
import { missingPackages, Unplayable } from './programs.ts';
import { linesOf, listOf, tableOf } from './report.ts';
import { Stage, type OpenScene } from './stage.ts';
import { twoFaults, twoFaultsSay } from './two-faults.ts';

const usage = `Usage: npm run test:ha -- [fault …] [--runs 3] [--seed 1] [--rounds 3] [--servers 3]
           [--per-second 40] [--json] [--list] [--keep]

  --runs        how often each fault happens
  --seed        of the first round of two-faults, which draws two faults at once; that of the next is one more
  --rounds      of two-faults
  --servers     of the registry, on one database
  --per-second  signed calls that arrive meanwhile, unless a fault has a rate of its own
  --report      a file for the counts of faults that were held and that were not, as vitest writes them
  --json        prints the last line alone on stdout, and the rest on stderr
  --list        names the faults, and what is taken
  --keep        leaves the folder with the logs of all programs

Exit code: 0 where every fault that ran was held, 1 where one was not, 2 where nothing could run.`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '3' },
    seed: { type: 'string', default: String(randomInt(1_000_000)) },
    rounds: { type: 'string', default: '3' },
    servers: { type: 'string', default: '3' },
    'per-second': { type: 'string', default: '40' },
    report: { type: 'string' },
    json: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const print = (text: string): void => {
  (values.json ? process.stderr : process.stdout).write(`${text}\n`);
};

interface Skipped {
  readonly fault: string;
  readonly why: string;
}

process.exitCode = await run();
// The people of a story are clients that go on looking for a registry which is gone.
setTimeout(() => process.exit(), 1_000).unref();

async function run(): Promise<number> {
  if (values.help) return told(usage);
  if (values.list) return told(`${listOf(faults)}\n${twoFaultsSay}`);
  const names = [...faults.map(({ name }) => name), 'two-faults'];
  const unknown = positionals.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    console.error(`There is no fault ${unknown}; --list names them.\n${usage}`);
    return 2;
  }
  const missing = missingPackages('cluster');
  if (missing.length > 0) {
    console.error(`Debian packages are missing: apt-get install ${missing.join(' ')}`);
    return 2;
  }
  if (missingPackages('alerts').length > 0)
    print('Alerts are not watched, since Prometheus is not installed: apt-get install prometheus.');
  const isChosen = (name: string): boolean =>
    positionals.length === 0 || positionals.includes(name);
  const chosen = faults.filter(({ name }) => isChosen(name));
  if (isChosen('two-faults'))
    for (let n = 0; n < Number(values.rounds); n++) chosen.push(twoFaults(Number(values.seed) + n));
  const { played, skipped } = await playAll(chosen);
  report(played, skipped);
  if (played.length === 0) return 2;
  return played.every(({ isHeld }) => isHeld) ? 0 : 1;
}

function told(text: string): number {
  console.log(text);
  return 0;
}

async function playAll(
  chosen: readonly Fault[],
): Promise<{ played: Played[]; skipped: Skipped[] }> {
  const dir = mkdtempSync(join(tmpdir(), 'recourse-ha-'));
  // PostgreSQL runs as an account of its own, and has to reach its folder.
  chmodSync(dir, 0o711);
  const stage = new Stage(dir, { servers: Number(values.servers) });
  const stop = (): void => void tidy(dir).finally(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  const played: Played[] = [];
  const skipped: Skipped[] = [];
  try {
    for (const fault of chosen) {
      const why = await playRuns(fault, { stage, played });
      if (why === undefined) continue;
      print(`${fault.name}, skipped: ${why}`);
      skipped.push({ fault: fault.name, why });
    }
    return { played, skipped };
  } finally {
    await stage.close();
    await tidy(dir);
  }
}

/** Programs end with this process; PostgreSQL, networks and disks do not. */
async function tidy(dir: string): Promise<void> {
  killBelow(dir);
  await unmountBelow(dir);
  await removeNetworks();
  if (values.keep) print(`Logs are in ${dir}`);
  else rmSync(dir, { recursive: true, force: true });
}

/** @returns why the fault cannot happen here, or could not be played to its end */
async function playRuns(
  fault: Fault,
  { stage, played }: { stage: Stage; played: Played[] },
): Promise<string | undefined> {
  const runs = fault.isDrawn ? 1 : Number(values.runs);
  for (let n = 1; n <= runs; n++) {
    print(`${fault.name}, ${n} of ${runs}: ${fault.says}`);
    try {
      const scene = await stage.sceneFor(fault);
      const why = fault.cannot?.(scene.cluster);
      if (why !== undefined) return why;
      played.push(await playOnce(scene, fault));
    } catch (error) {
      await stage.close();
      if (error instanceof Unplayable) return error.message;
      throw error;
    }
    // What was not held may not be whole.
    if (played.at(-1)?.isHeld === false) await stage.close();
  }
  return undefined;
}

async function playOnce(scene: OpenScene, fault: Fault): Promise<Played> {
  const pace = { perSecond: Number(values['per-second']), submissionEvery: 3 };
  const played = await playFault(scene, fault, pace).catch((error: unknown) => {
    if (error instanceof Unplayable) throw error;
    return brokenOff(fault, error);
  });
  print(`    ${JSON.stringify(played)}`);
  return played;
}

function report(played: readonly Played[], skipped: readonly Skipped[]): void {
  if (!values.json) {
    console.table(tableOf(played));
    for (const line of linesOf(played)) console.log(line);
  }
  console.log(JSON.stringify({ ha: played, skipped }));
  if (values.report !== undefined && played.length > 0) writeReport(values.report, played);
}

function writeReport(path: string, played: readonly Played[]): void {
  const held = played.filter(({ isHeld }) => isHeld).length;
  const [numPassedTests, numFailedTests] = [held, played.length - held];
  const counts = { success: numFailedTests === 0, numPassedTests, numFailedTests };
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(counts));
}
