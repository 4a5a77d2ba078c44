import { mkdtempSync, rmSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { faults, type Fault } from './faults.ts';
import { missingPackages } from './programs.ts';
import { playFault, Stage, type Played } from './stage.ts';

const usage = `Usage: npm run test:ha -- [fault …] [--runs 3] [--servers 2] [--per-second 60] [--json] [--list] [--keep]

  --runs        how often each fault happens
  --servers     of the registry, on one database
  --per-second  signed calls that arrive meanwhile
  --json        prints the last line alone on stdout, and the rest on stderr
  --list        names the faults, and what is taken
  --keep        leaves the folder with the logs of all programs`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '3' },
    servers: { type: 'string', default: '2' },
    'per-second': { type: 'string', default: '60' },
    json: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const print = (text: string): void => {
  (values.json ? process.stderr : process.stdout).write(`${text}\n`);
};

process.exitCode = await run();

async function run(): Promise<number> {
  if (values.help) return told(usage);
  if (values.list) return told(faults.map(({ name, says }) => `${name}\n    ${says}`).join('\n'));
  const unknown = positionals.find((name) => !faults.some((fault) => fault.name === name));
  if (unknown !== undefined) {
    console.error(`There is no fault ${unknown}; --list names them.\n${usage}`);
    return 2;
  }
  const missing = missingPackages();
  if (missing.length > 0) {
    console.error(`Debian packages are missing: apt-get install ${missing.join(' ')}`);
    return 2;
  }
  const chosen = faults.filter(
    ({ name }) => positionals.length === 0 || positionals.includes(name),
  );
  const played = await playAll(chosen);
  report(played);
  return played.every(({ isHeld }) => isHeld) ? 0 : 1;
}

function told(text: string): number {
  console.log(text);
  return 0;
}

async function playAll(chosen: readonly Fault[]): Promise<Played[]> {
  const dir = mkdtempSync(join(tmpdir(), 'recourse-ha-'));
  // PostgreSQL runs as an account of its own, and has to reach its folder.
  chmodSync(dir, 0o711);
  const stage = new Stage(dir, {
    servers: Number(values.servers),
    perSecond: Number(values['per-second']),
  });
  const stop = (): void => void stage.close().finally(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  try {
    const played: Played[] = [];
    for (const fault of chosen) {
      for (let n = 1; n <= Number(values.runs); n++) {
        print(`${fault.name}, ${n} of ${values.runs}: ${fault.says}`);
        const one = await playFault(stage, fault);
        print(`    ${JSON.stringify(one)}`);
        played.push(one);
      }
    }
    return played;
  } finally {
    await stage.close();
    if (values.keep) print(`Logs are in ${dir}`);
    else rmSync(dir, { recursive: true, force: true });
  }
}

function report(played: readonly Played[]): void {
  if (!values.json) {
    console.table(
      played.map(({ fault, isHeld, answered, refused, lost, twice, forks, silence }) => ({
        fault,
        held: isHeld ? 'yes' : 'NO',
        answered,
        refused: Object.values(refused).reduce((sum, n) => sum + n, 0),
        lost,
        twice,
        forks: forks.length,
        'seconds without answers': silence,
      })),
    );
  }
  console.log(JSON.stringify({ ha: played }));
}
