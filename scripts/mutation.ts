import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { EQUIVALENT_MUTANTS } from './mutation/equivalent-mutants.ts';
import { findRooms, type Room } from './mutation/rooms.ts';
import { percent, scoreLine, tally, type Tally } from './mutation/tally.ts';

/**
 * `npm run mutation [-- --force] [part of a path…]`: changes the rules and counts the changes that the tests beside
 * them do not notice. A result is kept in reports/mutation until the file or a test changes; `--force` forgets it.
 */
const { values, positionals } = parseArgs({
  options: { force: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const root = process.cwd();
if (values.force) rmSync('reports/mutation', { recursive: true, force: true });
const all: FileTally[] = [];
for (const room of chosenRooms()) {
  const files = await run(room);
  print(room.name, files);
  all.push(...files);
}
console.log(`\n${scoreLine(all)}`);
process.exitCode = all.some(({ stale }) => stale.length > 0) ? 1 : 0;

function chosenRooms(): Room[] {
  return findRooms(root)
    .map((room) => ({ ...room, mutate: room.mutate.filter(isChosen) }))
    .filter(({ mutate }) => mutate.length > 0);
}

/** No part of a path given: all of them. */
function isChosen(file: string): boolean {
  return positionals.length === 0 || positionals.some((part) => file.includes(part));
}

async function run({ name, mutate, tests }: Room): Promise<FileTally[]> {
  console.log(`${name}: ${mutate.length} files`);
  // Read by vitest.rules.config.ts in the processes that run the tests.
  process.env['RULE_TESTS'] = tests.join(',');
  const incrementalFile = `reports/mutation/${name.replaceAll('/', '-')}.json`;
  forgetSurvivors(incrementalFile);
  const mutants = await new Stryker({ mutate, incrementalFile }).runMutationTest();
  return mutate.map((file) => ({
    file,
    ...tally(
      mutants
        .map((mutant) => ({ ...mutant, fileName: relative(root, mutant.fileName) }))
        .filter(({ fileName }) => fileName === file),
      EQUIVALENT_MUTANTS.filter((entry) => entry.file === file),
      (path) => readFileSync(path, 'utf8'),
    ),
  }));
}

/** A new test is not tried on a survivor that no test runs by itself, such as one in a constant: each is tried again. */
function forgetSurvivors(path: string): void {
  if (!existsSync(path)) return;
  const report = JSON.parse(readFileSync(path, 'utf8')) as KeptReport;
  for (const file of Object.values(report.files))
    file.mutants = file.mutants.filter(({ status }) => status === 'Killed');
  writeFileSync(path, JSON.stringify(report));
}

function print(name: string, files: FileTally[]): void {
  console.log(`\n${name}\n  killed            survivors  equivalent`);
  for (const { file, killed, total, equivalent, survivors } of files) {
    const score = `${percent(killed, total)} % (${killed}/${total})`.padEnd(18);
    const counts = `${String(survivors.length).padEnd(11)}${String(equivalent).padEnd(12)}`;
    console.log(`  ${score}${counts}${basename(file)}`);
  }
  for (const { survivors, stale } of files) {
    for (const survivor of survivors) console.log(`  survived  ${survivor}`);
    for (const entry of stale) console.log(`  listed as equivalent, but is not  ${entry}`);
  }
}

interface KeptReport {
  files: Record<string, { mutants: { status: string }[] }>;
}

interface FileTally extends Tally {
  file: string;
}
