import { expect, test } from 'vitest';
import { assertPostgres, assertSchema } from './database.rules.ts';

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
  const said: string[] = [];
  const log = { progress: (line: string) => void said.push(line) };
  const of = (schema: Parameters<typeof assertSchema>[0]): unknown =>
    code(() => assertSchema(schema, log));
  expect(of({ is: 'current' })).toBe('taken');
  expect(said).toEqual([]);
  expect(of({ is: 'newer', unknown: ['0002-next'] })).toBe('taken');
  expect(said.join()).toContain('0002-next');
  expect(of({ is: 'newer', unknown: ['0002-next', '0003-after'] })).toBe('schema_too_new');
  expect(of({ is: 'older', missing: ['0001-initial'] })).toBe('schema_too_old');
  expect(of({ is: 'empty' })).toBe('schema_missing');
  expect(of({ is: 'foreign' })).toBe('schema_foreign');
  const refused = (): void => assertSchema({ is: 'older', missing: ['0002-next'] }, log);
  expect(refused).toThrow(/lacks 0002-next: run `recourse-server migrate`/);
});
