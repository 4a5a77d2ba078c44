import type { Db } from '@recourse/registry';

/** A transaction that locked a row for a change after it had shared it: two that do so at once wait for each other. */
export interface LockUpgrade {
  readonly table: string;
  readonly id: string;
  /** The statement that asks for more than the transaction has */
  readonly statement: string;
}

/** Reads the statements of every transaction of a handle. @returns the upgrades, as they are found */
export function watchLocks(db: Db): LockUpgrade[] {
  const upgrades: LockUpgrade[] = [];
  const executor = db.getExecutor();
  const provide = executor.provideConnection.bind(executor);
  executor.provideConnection = (consumer, options) =>
    provide((connection) => {
      // A connection of ours is one unit of work: a transaction, or one statement.
      const shared = new Set<string>();
      const execute = connection.executeQuery.bind(connection);
      connection.executeQuery = (query, ...more) => {
        upgrades.push(...upgradesIn(query, shared));
        return execute(query, ...more);
      };
      return consumer(connection);
    }, options);
  return upgrades;
}

interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** @param shared rows that the transaction shares, counted up */
function upgradesIn(statement: Statement, shared: Set<string>): LockUpgrade[] {
  const { sql, parameters } = statement;
  const table = /\bfor share\b/i.test(sql) ? tableOf(/\bfrom "?(\w+)"?/i, sql) : undefined;
  if (table) for (const id of idsIn(sql, parameters)) shared.add(`${table} ${id}`);
  if (shared.size === 0 || table) return [];
  const changed = /\bfor (no key )?update\b/i.test(sql)
    ? tableOf(/\bfrom "?(\w+)"?/i, sql)
    : tableOf(/^\s*(?:update|delete from) "?(\w+)"?/i, sql);
  if (!changed) return [];
  return idsIn(sql, parameters)
    .filter((id) => shared.has(`${changed} ${id}`))
    .map((id) => ({ table: changed, id, statement: sql }));
}

const tableOf = (pattern: RegExp, sql: string): string | undefined => pattern.exec(sql)?.[1];

/** Values that a key column is compared with. */
function idsIn(sql: string, parameters: readonly unknown[]): string[] {
  const compared = sql.matchAll(/\b"?(?:id|kid)"? (?:= any\(|= |in \()((?:\$\d+(?:, )?)+)/gi);
  const places = [...compared].flatMap(([, list = '']) => list.match(/\d+/g) ?? []);
  return places
    .flatMap((place) => parameters[Number(place) - 1])
    .filter((value) => typeof value === 'string');
}
