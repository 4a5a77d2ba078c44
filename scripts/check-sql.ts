import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IModule } from 'dependency-cruiser';
import { SQL } from './edge-rules.ts';

const STATEMENT =
  /\bsql(?:<[^`]*>)?`|\.(?:selectFrom|insertInto|updateTable|deleteFrom|mergeInto)\(/;

/** One line for each file of the registry that holds SQL and is no place for it; `[]` is a pass. */
export const checkSql = (modules: IModule[], root: string): string[] =>
  modules
    .map(({ source }) => source)
    .filter((source) => new RegExp(SQL.files).test(source) && !source.endsWith('.test.ts'))
    .filter((source) => !SQL.places.some((place) => new RegExp(place).test(source)))
    .filter((source) => STATEMENT.test(readFileSync(join(root, source), 'utf8')))
    .map((source) => `sql-in-stores: ${source}`);
