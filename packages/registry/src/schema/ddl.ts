import type { Column, Table } from './define-table.ts';
import { quoted } from './quoted.ts';

/** Makes a table with its indexes, and its one row where it has but one. */
export const creating = (table: Table): string[] => [
  `create table ${table.name} (
    ${[...Object.entries(table.columns).map(columnSql), ...(table.constraints ?? [])].join(',\n    ')}
  ) ${table.storage ?? ''}`,
  ...Object.entries(table.indexes ?? {}).map(([name, on]) => indexSql(name, table.name, on)),
  ...(table.seed === undefined ? [] : [`insert into ${table.name} ${table.seed}`]),
];

/** Changes a table in what needs tables that are made after it. */
export const completing = ({ name, later = [] }: Table): string[] =>
  later.map((change) => `alter table ${name} ${change}`);

const columnSql = ([name, { sql, codes }]: [string, Column]): string =>
  `${name} ${sql}${codes === undefined ? '' : ` check (${name} in (${quoted(codes)}))`}`;

const indexSql = (name: string, table: string, on: string): string =>
  on.startsWith('unique ')
    ? `create unique index ${name} on ${table} ${on.slice('unique '.length)}`
    : `create index ${name} on ${table} ${on}`;

/** Rights of the service role, which sees every table. */
export function granting({ name, may, columns }: Table, role: string): string[] {
  const changing = Object.keys(columns).filter((column) => columns[column]?.may === 'update');
  return [
    `grant select${may === 'select' ? '' : ', insert'}${may === 'delete' ? ', delete' : ''} on ${name} to ${role}`,
    ...(changing.length > 0 ? [`grant update (${changing.join(', ')}) on ${name} to ${role}`] : []),
  ];
}

/** Tables in an order in which they can be made: each behind those that it refers to. */
export function behindReferred(all: readonly Table[]): readonly Table[] {
  const byName = new Map(all.map((table) => [table.name, table]));
  const found = new Set<Table>();
  const visit = (table: Table): void => {
    for (const name of referredBy(table)) if (name !== table.name) visit(byName.get(name)!);
    found.add(table);
  };
  all.forEach(visit);
  return [...found];
}

function referredBy({ columns, constraints = [] }: Table): string[] {
  const texts = [...Object.values(columns).map(({ sql }) => sql), ...constraints];
  return texts.flatMap((sql) => [...sql.matchAll(/\breferences (\w+)/g)].map(([, name]) => name!));
}
