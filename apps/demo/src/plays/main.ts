import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { isRecourseError } from '@recourse/sdk';
import { freePort } from '@recourse/server/embedded-postgres';
import { copyRegistry, startRegistry, type StartedRegistry } from '../started-registry.ts';
import { isExpected, openToday, verdictOf } from './expected.ts';
import type { Finding, Play } from './play.ts';
import { plays } from './plays.ts';
import { Stage } from './stage.ts';
import { withRows } from './table.ts';

const usage = `Usage: npm run plays -- [name …] [--json] [--list] [--open name,…] [--write FILE]

  --list     names the plays, and what each attacker does
  --json     prints the last line alone on stdout, and the rest on stderr
  --write    writes what was found into the table of a page: docs/hostile-plays.md
  --open     the plays that are expected to be open, instead of the list in expected.ts`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    open: { type: 'string' },
    write: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const print = (text: string): void => {
  (values.json ? process.stderr : process.stdout).write(`${text}\n`);
};
const open = values.open === undefined ? openToday : new Set(values.open.split(','));
const dir = mkdtempSync(join(tmpdir(), 'recourse-plays-'));
const prepared = join(dir, 'prepared');
/** A database is thrown away after its play, and need not outlive a crash. */
const forgetful = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
let running: Promise<StartedRegistry> | undefined;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void cleanUp().then(() => process.exit(130)));
}

try {
  process.exitCode = await run();
} finally {
  await cleanUp();
}

async function run(): Promise<number> {
  if (values.help) return told(usage);
  if (values.list) return told(plays.map(({ name, says }) => `${name}\n    ${says}`).join('\n'));
  const unknown = positionals.find((name) => !plays.some((play) => play.name === name));
  if (unknown !== undefined) {
    console.error(`There is no play ${unknown}; --list names them.\n${usage}`);
    return 2;
  }
  const chosen = plays.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const found: PlayResult[] = [];
  const port = await freePort();
  if (chosen.length > 1) await prepare(port);
  for (const [at, play] of chosen.entries()) {
    print(`${at + 1} of ${chosen.length}  ${play.name}: ${play.says}`);
    found.push(await playOne(play, port));
  }
  report(found);
  if (values.write !== undefined) writePage(values.write, found);
  return found.every(({ verdict }) => verdict !== 'failed' && isExpected(verdict)) ? 0 : 1;
}

interface PlayResult {
  readonly play: Play;
  readonly finding: Finding;
  readonly verdict: ReturnType<typeof verdictOf> | 'failed';
}

/** A registry as it is after its first start, for each play a copy of it: the start itself takes longer than most plays. */
async function prepare(port: number): Promise<void> {
  print('Preparing a registry');
  running = startRegistry(prepared, { settings: {}, postgres: forgetful, port });
  await (await running).stop();
  running = undefined;
}

/** A play that could not be played says nothing of whether it would be held. */
async function playOne(play: Play, port: number): Promise<PlayResult> {
  const begun = performance.now();
  try {
    // Creators come from addresses of their own, as they do from behind a proxy.
    const settings = play.oneAddress ? {} : { RECOURSE_TRUSTED_PROXIES: '127.0.0.0/8,::1' };
    const own = join(dir, play.name);
    if (existsSync(prepared)) copyRegistry(prepared, own);
    running = startRegistry(own, { settings, postgres: forgetful, port });
    const stage = new Stage(await running, (text) => print(`    ${text}`));
    const finding = await play.run(stage);
    const verdict = verdictOf({ ...play, held: finding.held }, open);
    const seconds = Math.round((performance.now() - begun) / 1000);
    print(`    ${verdict}: ${finding.gained} (${seconds} s)`);
    return { play, finding, verdict };
  } catch (error) {
    const what = describe(error);
    print(`    failed: ${what}`);
    return { play, verdict: 'failed', finding: { held: false, gained: what, figures: {} } };
  } finally {
    await stopRunning();
    rmSync(join(dir, play.name), { recursive: true, force: true });
  }
}

function report(found: readonly PlayResult[]): void {
  const width = Math.max(...found.map(({ play }) => play.name.length));
  print('');
  for (const { play, verdict, finding } of found) {
    print(`${play.name.padEnd(width)}  ${verdict.padEnd(8)}  ${finding.gained}`);
  }
  const count = (verdict: string): number => found.filter((one) => one.verdict === verdict).length;
  const unexpected = found.length - count('held') - count('open');
  print(`\n${count('held')} held, ${count('open')} open today, ${unexpected} not as expected\n`);
  const lines = found.map(({ play, finding }) => ({
    name: play.name,
    held: finding.held,
    figures: finding.figures,
  }));
  process.stdout.write(`${JSON.stringify({ plays: lines })}\n`);
}

/** What could not be played is not written. */
function writePage(path: string, found: readonly PlayResult[]): void {
  const rows = found
    .filter(({ verdict }) => verdict !== 'failed')
    .map(({ play, verdict, finding }) => ({ play, verdict, gained: finding.gained }));
  const names = plays.map(({ name }) => name);
  writeFileSync(path, withRows(readFileSync(path, 'utf8'), rows, names));
}

function describe(error: unknown): string {
  if (!isRecourseError(error)) return error instanceof Error ? error.message : String(error);
  const issues = error.issues.map(({ path, code }) => ` ${path} ${code}`);
  return `${error.code}${issues.join(',')}`;
}

function told(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

/** Also when Ctrl-C comes. */
async function cleanUp(): Promise<void> {
  await stopRunning();
  rmSync(dir, { recursive: true, force: true });
}

/** Waits for a registry that is starting: what was begun is stopped. */
async function stopRunning(): Promise<void> {
  const started = await running?.catch(() => undefined);
  running = undefined;
  await started?.stop();
}
