import { caseOps, ops } from '@recourse/protocol';
import { expect, test } from 'vitest';
import { operationsPage } from './op-table.ts';

test('every operation has a row with its kind and its roles', () => {
  const rows = operationsPage().split('\n');
  for (const [name, { kind, roles }] of Object.entries(ops)) {
    const start = `| \`${name}\` | ${kind} | ${roles.join(', ')}`;
    expect(rows.filter((row) => row.startsWith(start))).toHaveLength(1);
  }
});

test('every operation of the creator has a row', () => {
  const rows = operationsPage().split('\n');
  for (const [name, { kind }] of Object.entries(caseOps)) {
    expect(rows.filter((row) => row.startsWith(`| \`${name}\` | ${kind} |`))).toHaveLength(1);
  }
});

test('what may be left out, bounds of lists and alternatives are shown', () => {
  expect(operationsPage()).toContain('`epochs[1..2]`, `blinded[1..64]`, `provenAt?`');
  expect(operationsPage()).toContain('`executeBefore` or `state`');
});
