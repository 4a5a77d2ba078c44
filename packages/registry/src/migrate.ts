import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Kysely } from 'kysely';
import { Migrator, type Migration } from 'kysely/migration';
import { connect } from './kernel/connect.ts';
import type { Db } from './kernel/database.ts';
import { LockWatch, type LockHolder } from './kernel/lock-holders.ts';
import { sqlState } from './kernel/retry.ts';
import { isContract, steps, type SchemaStep } from './migrations/steps.ts';
import {
  beImpatient,
  keepDigests,
  readApplied,
  readDigests,
  runAll,
  type AppliedSteps,
} from './kernel/migration-store.ts';

/** What a database has of the steps that this code knows. */
export type SchemaState =
  | { readonly is: 'current' }
  /** Nobody has migrated it yet */
  | { readonly is: 'empty' }
  | { readonly is: 'older'; readonly missing: readonly string[] }
  /** What it lacks begins with a contract, which servers of the release before stand in the way of */
  | { readonly is: 'expanded'; readonly missing: readonly string[] }
  /** A later release has migrated it */
  | { readonly is: 'newer'; readonly unknown: readonly string[] }
  /** A step of it has another text, or steps are missing beside unknown ones: no release has made it */
  | { readonly is: 'foreign' };

/** Digests of the steps of this code, by name */
export const schemaDigests = (): Record<string, string> =>
  Object.fromEntries(steps.map(({ name, statements }) => [name, digestOf(statements)]));

/** Reads the version of the schema, as the service role too. */
export async function readSchema(db: Db, known = steps): Promise<SchemaState> {
  const applied = await readApplied(db);
  if (applied === 'unreadable') return { is: 'foreign' };
  return applied.size === 0 ? { is: 'empty' } : stateOf(applied, known);
}

/** Steps that `migrate` would run now. */
export async function pendingSteps(
  db: Db,
  {
    known = steps,
    contract = false,
  }: { known?: readonly SchemaStep[]; contract?: boolean | undefined } = {},
): Promise<readonly SchemaStep[]> {
  const state = await readSchema(db, known);
  if (state.is === 'empty') return known;
  if (state.is !== 'older' && state.is !== 'expanded') return [];
  const end = state.missing.findIndex((name, at) => isContract(name) && !(contract && at === 0));
  const names = end === -1 ? state.missing : state.missing.slice(0, end);
  return known.filter(({ name }) => names.includes(name));
}

export interface Migrating {
  readonly url: string;
  /** No server of the release before runs any more: the contract runs, if it is the next step */
  readonly contract?: boolean;
  /** Milliseconds in which locks are tried for, again and again; two minutes where nothing is said */
  readonly waitMs?: number | undefined;
  /**
   * Told who kept a step from its lock, and after how many milliseconds it is tried again; not at all when that is
   * undefined
   */
  readonly onLocked?: (holders: readonly LockHolder[], againMs: number | undefined) => void;
}

const waitMs = 120_000;
const pauseMs = 3_000;

/** lock_not_available; deadlock_detected: a call holds what a step wants, and wants what the step holds */
export const isLockedOut = (error: unknown): boolean =>
  ['55P03', '40P01'].includes(sqlState(error) ?? '');

/**
 * Brings the schema of a database up to date, as its owner: all steps in one transaction. Safe to run from several places at
 * once. A new database gets all steps, and any other no contract that is not asked for. A schema of a later release stays
 * as it is. A step that waits for a lock holds up every later statement on its table, also those that would not disturb
 * who has the lock. So it waits a moment alone, lets them pass, and tries again.
 *
 * @returns the names of what ran
 * @throws the error of PostgreSQL; 55P03, lock_not_available, or 40P01, deadlock_detected, when the time is over. Nothing of a failed attempt stays
 */
export async function migrate(migrating: Migrating, known = steps): Promise<string[]> {
  const db = connect({ url: migrating.url, connections: 1 });
  const other = connect({ url: migrating.url, connections: 1 });
  const watch = new LockWatch(other);
  const until = performance.now() + (migrating.waitMs ?? waitMs);
  try {
    for (;;) {
      const { ran, error } = await attempt(db, { watch, known, contract: migrating.contract });
      const holders = await watch.stop();
      if (error === undefined) return ran;
      if (!isLockedOut(error)) throw error;
      const isOver = performance.now() + pauseMs > until;
      migrating.onLocked?.(holders, isOver ? undefined : pauseMs);
      if (isOver) throw error;
      await sleep(pauseMs);
    }
  } finally {
    await watch.stop();
    await Promise.all([db.destroy(), other.destroy()]);
  }
}

async function attempt(
  db: Db,
  {
    watch,
    ...options
  }: { watch: LockWatch; known: readonly SchemaStep[]; contract?: boolean | undefined },
): Promise<{ ran: string[]; error?: unknown }> {
  const last = (await pendingSteps(db, options)).at(-1);
  if (!last) return { ran: [] };
  const reached = options.known.slice(0, options.known.indexOf(last) + 1);
  const getMigrations = async (): Promise<Record<string, Migration>> =>
    Object.fromEntries(
      reached.map((step) => [step.name, { up: (to) => run(to, { step, watch }) }]),
    );
  const { error, results = [] } = await new Migrator({
    db,
    provider: { getMigrations },
  }).migrateToLatest();
  return { ran: results.map(({ migrationName }) => migrationName), error };
}

/** Statements run one by one, in one transaction of the migrator. The digest of their text stays with the table of steps. */
async function run(
  db: Kysely<unknown>,
  { step: { name, statements }, watch }: { step: SchemaStep; watch: LockWatch },
): Promise<void> {
  await watch.stop();
  watch.start(await beImpatient(db));
  await runAll(db, statements);
  await keepDigests(db, { ...(await readDigests(db)), [name]: digestOf(statements) });
}

function stateOf(applied: AppliedSteps, known: readonly SchemaStep[]): SchemaState {
  const names = known.map(({ name }) => name);
  const missing = names.filter((name) => !applied.has(name));
  const unknown = [...applied.keys()].filter((name) => !names.includes(name)).toSorted();
  const isChanged = known.some(
    ({ name, statements }) => applied.has(name) && applied.get(name) !== digestOf(statements),
  );
  if (isChanged || (missing.length > 0 && unknown.length > 0)) return { is: 'foreign' };
  if (missing.length > 0) return { is: isContract(missing[0]!) ? 'expanded' : 'older', missing };
  return unknown.length > 0 ? { is: 'newer', unknown } : { is: 'current' };
}

const digestOf = (statements: readonly string[]): string =>
  createHash('sha256').update(statements.join(';\n')).digest('base64url');
