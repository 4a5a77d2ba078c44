import { expect, test } from 'vitest';
import {
  assertPostgres,
  assertSchema,
  sayLocked,
  sayLockedOut,
  whyNotMigrated,
  whyUnreachable,
} from './database.rules.ts';

const code = (run: () => void): unknown => {
  try {
    run();
    return 'taken';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

test.each([
  [150_004, 'postgres_too_old'],
  [160_009, 'postgres_too_old'],
  [170_000, 'taken'],
  [180_004, 'taken'],
])('PostgreSQL %i is %s', (version, expected) => {
  expect(code(() => assertPostgres(version))).toBe(expected);
});

test('a server starts on its own schema and on the next, says so, and refuses every other by name', () => {
  const lines: string[] = [];
  const log = { progress: (line: string) => void lines.push(line) };
  const codeOf = (schema: Parameters<typeof assertSchema>[0]): unknown =>
    code(() => assertSchema(schema, log));
  expect(codeOf({ is: 'current' })).toBe('taken');
  expect(lines).toEqual([]);
  expect(codeOf({ is: 'newer', unknown: ['0002-next'] })).toBe('taken');
  expect(lines.join()).toContain('0002-next');
  expect(codeOf({ is: 'newer', unknown: ['0002-next', '0003-after'] })).toBe('schema_too_new');
  expect(codeOf({ is: 'older', missing: ['0001-initial'] })).toBe('schema_too_old');
  expect(codeOf({ is: 'expanded', missing: ['0002-next-contract'] })).toBe('taken');
  expect(lines.at(-1)).toContain('0002-next-contract');
  expect(lines.at(-1)).toContain('migrate --contract');
  expect(codeOf({ is: 'expanded', missing: ['0002-next-contract', '0003-after'] })).toBe(
    'schema_too_old',
  );
  expect(codeOf({ is: 'empty' })).toBe('schema_missing');
  expect(codeOf({ is: 'foreign' })).toBe('schema_foreign');
  const refused = (): void => assertSchema({ is: 'older', missing: ['0002-next'] }, log);
  expect(refused).toThrow(/lacks 0002-next: run `recourse-server migrate`/);
});

test.each([
  ['ECONNREFUSED', /nothing answers.*failover.*primary/],
  ['ENOENT', /nothing answers/],
  ['CONNECTION_LOST', /lost.*failover/],
  ['CONNECTION_READ_ONLY', /standby.*primary/],
  ['57P03', /starts, stops or recovers.*pg_isready/],
  ['57P01', /ended the connection/],
  ['3D000', /no database of that name.*restore a backup/],
  ['53300', /max_connections/],
  ['ENOTFOUND', /host/],
  ['08P01', /pgbouncer=true/],
])(
  'PostgreSQL that cannot be asked (%s) says what happened, and blames no password',
  (error, why) => {
    expect(whyUnreachable([error])).toMatch(why);
    expect(whyUnreachable([error])).not.toContain('password');
  },
);

test('a step that fails says what PostgreSQL says, or which right is missing', () => {
  const message = 'could not create unique index "parties_domain"';
  expect(whyNotMigrated({ code: '23505', message })).toContain(`"${message}" (23505)`);
  expect(whyNotMigrated({ code: '42501', message: 'permission denied' })).toContain('owner');
});

test('a refused login says to check the password', () => {
  expect(whyUnreachable(['28P01'])).toContain('password');
  expect(whyUnreachable(['XX000'])).toContain('its log');
  expect(whyUnreachable(['ECONNREFUSED', 'CONNECTION_READ_ONLY'])).toContain('standby');
});

test('a step that waits says who holds its lock, since when, and how to end that', () => {
  const holders = [
    { pid: 4711, application: 'pg_dump', forMs: 31_200 },
    { pid: 0, application: '', forMs: 0 },
  ];
  expect(sayLocked(holders, 3000)).toContain(
    'pid 4711 (pg_dump, for 31 s) and a prepared transaction',
  );
  expect(sayLocked([], 3000)).toContain('the next try is in 3 s');
  expect(sayLockedOut(holders.slice(0, 1))).toMatch(/pg_terminate_backend\(4711\).*--wait/);
});
