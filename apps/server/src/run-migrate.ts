import { pendingSteps, readSchema, type SchemaState, type SchemaStep } from '@recourse/registry';
import { readConfig } from './config/config.ts';
import { asOwner, bringUpToDate } from './database.ts';
import { assertSchema, howToContract } from './database.rules.ts';
import { ServerError } from './errors.ts';
import { silentLog } from './log.ts';
import type { Environment } from './config/settings.ts';
import { withOwnerUrl } from './with-owner-url.ts';

export interface MigrateRun {
  readonly env: Environment;
  /** Perhaps `--contract`, `--dry-run`, `--wait` with seconds, `--json` */
  readonly args: readonly string[];
  readonly out: { write(text: string): void };
  /** Who holds up a step, while that waits */
  readonly progress: { write(text: string): void };
}

/**
 * Brings the schema up to date as the owner of the database, or prints what that would run and changes nothing.
 * @throws ServerError `config_invalid`, or those of `openDatabase`
 */
export async function runMigrate({ env, args, out, progress }: MigrateRun): Promise<void> {
  const { isDry, isJson, contract, waitMs } = readArgs(args);
  const config = readConfig(env);
  const say = (line: string): void => progress.write(`${line}\n`);
  const done = await withOwnerUrl(config, (url) =>
    isDry ? wouldRun(url, contract) : run(url, { say, waitMs, contract }),
  );
  const lines = isJson ? [JSON.stringify(done)] : linesOf(done);
  out.write(lines.map((line) => `${line}\n`).join(''));
}

interface MigrateArgs {
  readonly isDry: boolean;
  readonly isJson: boolean;
  readonly contract: boolean;
  readonly waitMs: number | undefined;
}

function readArgs([option, ...rest]: readonly string[]): MigrateArgs {
  if (option === undefined)
    return { isDry: false, isJson: false, contract: false, waitMs: undefined };
  if (option === '--dry-run') return { ...readArgs(rest), isDry: true };
  if (option === '--contract') return { ...readArgs(rest), contract: true };
  if (option === '--json') return { ...readArgs(rest), isJson: true };
  const [seconds = '', ...others] = rest;
  if (option === '--wait' && /^\d{1,5}$/.test(seconds))
    return { ...readArgs(others), waitMs: Number(seconds) * 1000 };
  throw new ServerError(
    'config_invalid',
    `${option} is no option of migrate: there are --contract, --dry-run, --wait SECONDS (from 0; 120 where it is left out) and --json.`,
  );
}

type Done =
  | {
      readonly migrate: 'done';
      readonly ran: readonly string[];
      readonly newer: readonly string[];
      readonly toContract: readonly string[];
    }
  | { readonly migrate: 'dry-run'; readonly pending: readonly SchemaStep[] };

async function run(
  url: string,
  {
    say,
    ...options
  }: { say: (line: string) => void; waitMs: number | undefined; contract: boolean },
): Promise<Done> {
  const log = { progress: say };
  const ran = await bringUpToDate(url, log, options);
  const schema = await asOwner(url, readSchema);
  const newer = newerIn(schema);
  if (newer.length === 0) assertSchema(schema, silentLog);
  return {
    migrate: 'done',
    ran,
    newer,
    toContract: schema.is === 'expanded' ? schema.missing : [],
  };
}

async function wouldRun(url: string, contract: boolean): Promise<Done> {
  return asOwner(url, async (db) => {
    const schema = await readSchema(db);
    if (schema.is === 'foreign') assertSchema(schema, silentLog);
    return {
      migrate: 'dry-run',
      pending: await pendingSteps(db, { contract }),
    };
  });
}

/** Steps of later releases; this one leaves them as they are. */
const newerIn = (schema: SchemaState): readonly string[] =>
  schema.is === 'newer' ? schema.unknown : [];

function linesOf(done: Done): string[] {
  if (done.migrate === 'done') {
    const { ran, newer, toContract } = done;
    if (newer.length > 0)
      return [`The schema is newer than this release: it has ${newer.join(', ')}.`];
    const state =
      toContract.length > 0
        ? `The schema is up to date but for ${toContract.join(', ')}: ${howToContract}`
        : 'The schema is up to date.';
    return [...ran.map((name) => `Ran ${name}`), state];
  }
  if (done.pending.length === 0) return ['-- The schema is up to date.'];
  return done.pending.flatMap(({ name, statements }) => [
    `-- ${name}: ${statements.length} statements`,
    ...statements.map((statement) => `${statement};`),
  ]);
}
