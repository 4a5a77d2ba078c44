import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { Keep } from './keep.ts';

/** The type in a row for each type of PostgreSQL; `jsonb` is typed where it stands. */
interface Values {
  text: string;
  'text[]': string[];
  date: string;
  xid8: string;
  uuid: string;
  integer: number;
  'integer[]': number[];
  bigint: number;
  smallint: number;
  float8: number;
  boolean: boolean;
  timestamptz: Date;
  bytea: Uint8Array;
}

/** A column's SQL begins with its type, then says whether it is never null, then what gives it a value. */
type Word<Sql extends string> = Sql extends `${infer First} ${string}` ? First : Sql;
type Rest<Sql extends string> = Sql extends `${Word<Sql>}${infer After}` ? After : never;

type ValueOf<Sql extends string> = Values[Word<Sql> & keyof Values];

type NeverNull = ' not null' | ' primary key' | ' generated always as identity';
type OrNull<After, Value> = After extends `${NeverNull}${string}` ? Value : Value | null;

type Given<After, Value> = After extends `${'' | NeverNull} default ${string}`
  ? Generated<Value>
  : After extends `${'' | ' not null'} generated always as ${string}`
    ? GeneratedAlways<Value>
    : Value;

type Cell<Sql extends string, Value> = [Value] extends [ColumnType<unknown, unknown, unknown>]
  ? Value
  : Given<Rest<Sql>, OrNull<Rest<Sql>, Value>>;

/** Says what a column holds, where its SQL alone does not say. */
interface Holds<Value> {
  readonly codes?: readonly string[];
  readonly value?: Value;
}

/** Values of a type that the database does not know. */
export const typed = <Value>(): Holds<Value> => ({});

/** One of these codes, in the type and in a check of the database. */
export const oneOf = <const Code extends string>(codes: readonly Code[]): Holds<Code> => ({
  codes,
});

export interface Column<Value = unknown> {
  readonly sql: string;
  readonly codes?: readonly string[];
  readonly keep: Keep;
  /** The right of the service role beside reading */
  readonly may: 'insert' | 'update';
  /** No value: the type in a row */
  readonly row?: Value;
}

interface MakeColumn {
  <const Sql extends `${keyof Values}${string}`>(sql: Sql): Column<Cell<Sql, ValueOf<Sql>>>;
  <const Sql extends string, Value>(sql: Sql, holds: Holds<Value>): Column<Cell<Sql, Value>>;
}

/** Columns that are kept for one reason. */
export interface Columns {
  /** No server changes it once it was inserted; functions of the owner erase it. */
  readonly fixed: MakeColumn;
  /** A server may change it. */
  readonly changing: MakeColumn;
}

type Rules = Keep | Readonly<Record<string, Keep>>;

interface Definition<R extends Rules, C> {
  /** Why, in what form and until when: of the whole row, or of columns by a name */
  readonly keep: R;
  /** Each column by the rule that keeps it. Their order is that of the database. */
  readonly columns: (by: R extends Keep ? Columns : { readonly [Name in keyof R]: Columns }) => C;
  readonly constraints?: readonly string[];
  /** Indexes by their names; one whose SQL begins with `unique` is unique */
  readonly indexes?: Readonly<Record<string, string>>;
  /** Constraints that name a table which itself refers to this one */
  readonly later?: readonly string[];
  /** How PostgreSQL stores it */
  readonly storage?: string;
  /** The one row that is made with the schema */
  readonly seed?: string;
  /** The service role sees and inserts rows; it deletes those that end by a time of their own, or only sees them. */
  readonly may?: 'delete' | 'select';
}

export interface Table<
  Name extends string = string,
  C = Readonly<Record<string, Column>>,
> extends Omit<Definition<Rules, C>, 'columns' | 'keep'> {
  readonly name: Name;
  readonly columns: C;
}

/** The type of a table's rows, as Kysely reads it. */
export type RowOf<T extends { readonly columns: object }> = {
  [Name in keyof T['columns']]: T['columns'][Name] extends Column<infer Value> ? Value : never;
};

/**
 * Everything about one table: from this come its SQL, the type of its rows, the rights of the service role, and what is
 * kept of it for how long.
 */
export function defineTable<
  const Name extends string,
  const R extends Rules,
  C extends Readonly<Record<string, Column>>,
>(name: Name, { keep, columns, ...rest }: Definition<R, C>): Table<Name, C> {
  const by = isOne(keep)
    ? columnsOf(keep)
    : Object.fromEntries(Object.entries(keep).map(([name, one]) => [name, columnsOf(one)]));
  return { ...rest, name, columns: columns(by as Parameters<typeof columns>[0]) };
}

const isOne = (keep: Rules): keep is Keep => typeof keep['why'] === 'string';

function columnsOf(keep: Keep): Columns {
  const make =
    (may: Column['may']): MakeColumn =>
    <Value>(sql: string, holds?: Holds<Value>) => ({ sql, ...holds, keep, may });
  return { fixed: make('insert'), changing: make('update') };
}
