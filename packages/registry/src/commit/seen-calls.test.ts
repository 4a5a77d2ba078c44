import { expect, test } from 'vitest';
import type { AuditedCall } from './audit-row.ts';
import { seenRows, tableToEmpty, type SeenTable } from './seen-calls.ts';

const start = Math.floor(1_790_000_000 / 2700) * 2700;

const callOf = (exp: number): AuditedCall => ({
  key: { kid: 'kid' },
  payload: { iss: 'plt_a', jti: 'jti', op: 'matches.list', exp, in: {} },
  compact: '',
  hash: '',
});

const tablesOf = (exp: number): SeenTable[] =>
  seenRows([callOf(exp)], new Date(exp * 1000)).rows.map(({ table }) => table);

const secondsOf = (turns: number): number[] =>
  Array.from({ length: turns * 180 }, (_, at) => start + 5 * at);

test('two calls that can be admitted at one instant meet in a table', () => {
  for (const exp of secondsOf(4)) {
    const own = tablesOf(exp);
    for (const apart of [0, 1, 60, 139, 140])
      expect(tablesOf(exp + apart).some((table) => own.includes(table))).toBe(true);
  }
});

test('a table that is emptied guards no call that can be admitted, nor one that comes within two minutes', () => {
  const emptied = new Set<SeenTable>();
  for (const now of secondsOf(4)) {
    const table = tableToEmpty(new Date(now * 1000));
    if (!table) continue;
    emptied.add(table);
    // exp + 10 s is not over yet, and an iat lies 10 s ahead at most; as much again for a clock that is wrong
    for (let exp = now - 130; exp <= now + 250; exp += 10)
      expect(tablesOf(exp)).not.toContain(table);
  }
  expect(emptied.size).toBe(3);
});

test('a call that comes to its commit when its table may be empty is refused', () => {
  const at = (seconds: number) => () =>
    seenRows([callOf(start)], new Date((start + seconds) * 1000));
  expect(at(450)().rows).toHaveLength(2);
  expect(at(451)).toThrow(expect.objectContaining({ code: 'overloaded' }));
});
