import { caseOps, ops } from '@recourse/protocol';
import { expect, test } from 'vitest';
import { actNames, operations, rowOf, untried } from './table.ts';

test('each operation of the wire has moves, but for these, each with its reason', () => {
  expect(operations.toSorted()).toEqual([...Object.keys(ops), ...Object.keys(caseOps)].toSorted());
  expect(Object.fromEntries(untried.map(({ op, why }) => [op, why]))).toEqual({
    'oprf.next': 'the key of tokens never rotates in a hunt',
    'oprf.rotate': 'the key of tokens never rotates in a hunt',
    'prefixes.sync': 'sets are published by a job that no hunt runs',
    'sanctions.retokenise': 'the key of tokens never rotates in a hunt',
  });
});

test('each move has somebody who makes it, and a literal for each of its choices', () => {
  const rows = actNames.map((name) => ({ name, row: rowOf(name) }));
  const empty = rows.filter(
    ({ row }) => row && [row.who, ...Object.values(row.choices)].some(({ length }) => length === 0),
  );
  expect(empty.map(({ name }) => name)).toEqual([]);
});
