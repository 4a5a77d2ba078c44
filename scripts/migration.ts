import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import {
  definition,
  isContract,
  migrate,
  steps,
  textOf,
  type SchemaStep,
} from '@recourse/registry';
import { asAdmin, onDatabase, schemaChanges, schemaParts, startPostgres } from '@recourse/testkit';

// Usage: npm run migration -- <name> [--contract]. Writes the step that leads from the steps of today to what is defined, for you to
// read, to change where rows have to be kept, and to commit. Of a release there is one step, and perhaps a contract behind
// it: what was not released yet gets more statements, and keeps its name.
const [name, option] = process.argv.slice(2);
const contracts = option === '--contract';
if (name === undefined || !/^[a-z][a-z0-9-]+$/.test(name)) {
  console.error('Say in a few words what the step does: npm run migration -- appeals-language');
  process.exit(2);
}
const folder = fileURLToPath(new URL('../packages/registry/migrations/', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'recourse-migration-'));
const server = await startPostgres({ dir });
try {
  const made = onDatabase(server.ownerUrl, 'made');
  const defined = onDatabase(server.ownerUrl, 'defined');
  await asAdmin(server.adminUrl, [
    'create database made owner recourse_owner',
    'create database defined owner recourse_owner',
  ]);
  await migrate({ url: made });
  await migrate({ url: defined }, [{ name: '0001-definition', statements: definition }]);
  const changes = schemaChanges(await schemaParts(made), await schemaParts(defined));
  if (changes.length === 0)
    console.log('The steps lead to what is defined: there is nothing to write.');
  else writeStep(changes);
} finally {
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
}

function writeStep(changes: readonly string[]): void {
  const known = unreleased();
  const number = String(steps.length + 1).padStart(4, '0');
  const made = `${number}-${name}${contracts ? '-contract' : ''}`;
  const path = join(folder, `${known?.name ?? made}.sql`);
  // A function may name what a later statement makes.
  const before = known?.statements ?? ['set local check_function_bodies = off'];
  writeFileSync(path, textOf([...before, ...changes]));
  console.log(`${relative(process.cwd(), path)}: ${changes.length} statements more.`);
  console.log(
    'Read it: a column that has changed is dropped and made anew, and its values are gone.',
  );
}

function unreleased(): SchemaStep | undefined {
  const text = readFileSync(new URL('../releases.json', import.meta.url), 'utf8');
  const releases = JSON.parse(text) as { steps: Record<string, string> }[];
  return steps.find(
    (step) =>
      isContract(step.name) === contracts &&
      !releases.some(({ steps: released }) => step.name in released),
  );
}
