import { pendingSteps, readSchema, type SchemaState, type SchemaStep } from '@recourse/registry';
import { readConfig } from './config.ts';
import { asOwner, bringUpToDate } from './database.ts';
import { assertSchema } from './database.rules.ts';
import { ServerError } from './errors.ts';
import { silentLog } from './log.ts';
import type { Environment } from './settings.ts';
import { withOwnerUrl } from './with-owner-url.ts';

export interface MigrateRun {
  readonly env: Environment;
  /** Perhaps `--dry-run`, perhaps `--json` */
  readonly args: readonly string[];
  readonly out: { write(text: string): void };
}

/**
 * Brings the schema up to date as the owner of the database, or prints what that would run and changes nothing.
 * @throws ServerError `config_invalid`, or those of `openDatabase`
 */
export async function runMigrate({ env, args, out }: MigrateRun): Promise<void> {
  const other = args.find((argument) => argument !== '--dry-run' && argument !== '--json');
  if (other !== undefined)
    throw new ServerError(
      'config_invalid',
      `${other} is no option of migrate: there are --dry-run and --json.`,
    );
  const config = readConfig(env);
  const done = await withOwnerUrl(config, args.includes('--dry-run') ? wouldRun : run);
  const lines = args.includes('--json') ? [JSON.stringify(done)] : linesOf(done);
  out.write(lines.map((line) => `${line}\n`).join(''));
}

type Done =
  | { readonly migrate: 'done'; readonly ran: readonly string[]; readonly newer: readonly string[] }
  | { readonly migrate: 'dry-run'; readonly pending: readonly SchemaStep[] };

async function run(url: string): Promise<Done> {
  const ran = await bringUpToDate(url, silentLog);
  const schema = await asOwner(url, readSchema);
  const newer = newerIn(schema);
  if (newer.length === 0) assertSchema(schema, silentLog);
  return { migrate: 'done', ran, newer };
}

async function wouldRun(url: string): Promise<Done> {
  return asOwner(url, async (db) => {
    const schema = await readSchema(db);
    if (schema.is === 'foreign') assertSchema(schema, silentLog);
    return {
      migrate: 'dry-run',
      pending: newerIn(schema).length > 0 ? [] : await pendingSteps(db),
    };
  });
}

/** Steps of later releases; this one leaves them as they are. */
const newerIn = (schema: SchemaState): readonly string[] =>
  schema.is === 'newer' ? schema.unknown : [];

function linesOf(done: Done): string[] {
  if (done.migrate === 'done') {
    const { ran, newer } = done;
    if (newer.length > 0)
      return [`The schema is newer than this release: it has ${newer.join(', ')}.`];
    return [...ran.map((name) => `Ran ${name}`), 'The schema is up to date.'];
  }
  if (done.pending.length === 0) return ['-- The schema is up to date.'];
  return done.pending.flatMap(({ name, statements }) => [
    `-- ${name}: ${statements.length} statements`,
    ...statements.map((statement) => `${statement};`),
  ]);
}
