import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openObjects, walkSchema, type SchemaNode } from '../../tests/walk-schema.ts';
import { roles } from '../roles.ts';
import { isOpName, ops, type Operation, type OpName } from './index.ts';

const table = Object.entries(ops) as [OpName, Operation][];
/** Types that JSON Schema can say and that read the same in every language. */
const plain = [
  'object',
  'array',
  'record',
  'union',
  'optional',
  'nullable',
  'lazy',
  'literal',
  'enum',
  'string',
  'number',
  'boolean',
  'null',
];

describe.each(table)('%s', (name, op) => {
  test('is named as a procedure path', () => {
    expect(name).toMatch(/^[a-z]+\.[a-z][A-Za-z]*$/);
    expect(name.length).toBeLessThanOrEqual(64);
  });

  test('has roles, a kind and a summary', () => {
    expect(['read', 'mutation']).toContain(op.kind);
    expect(op.roles.length).toBeGreaterThan(0);
    expect(new Set(op.roles).size).toBe(op.roles.length);
    for (const role of op.roles) expect(roles).toContain(role);
    expect(op.summary).toMatch(/^[A-Z].{5,140}\.$/);
  });

  test('refuses unknown members of its input, at every level', () => {
    const parsed = op.input.safeParse({ 'no-such-member': 1 });
    expect(parsed.error?.issues).toContainEqual(
      expect.objectContaining({ code: 'unrecognized_keys', keys: ['no-such-member'] }),
    );
    expect(openObjects(op.input)).toEqual([]);
  });

  test('takes an object, as the member `in` of a call is one', () => {
    for (const value of [[], null, 'x', 1, undefined])
      expect(op.input.safeParse(value).success).toBe(false);
  });

  test('has no transform, default, date, bigint or untyped value, in and out', () => {
    const nodes = [...walkSchema(op.input), ...walkSchema(op.output)];
    const isPlain = ({ schema: { _zod } }: SchemaNode) =>
      plain.includes(_zod.def.type) && !('coerce' in _zod.def && _zod.def.coerce);
    expect(nodes.filter((node) => !isPlain(node)).map(({ path }) => path)).toEqual([]);
  });

  test('bounds every list of its input: one call is no flood', () => {
    const lists: string[] = [];
    JSON.stringify(z.toJSONSchema(op.input, { io: 'input' }), (key, node: unknown) => {
      const isList =
        typeof node === 'object' && node !== null && 'type' in node && node.type === 'array';
      if (isList && !('maxItems' in node)) lists.push(key);
      return node;
    });
    expect(lists).toEqual([]);
  });

  test('becomes JSON Schema', () => {
    const input = z.toJSONSchema(op.input, { io: 'input' });
    expect(input).toMatchObject({ type: 'object', additionalProperties: false });
    expect(JSON.stringify(z.toJSONSchema(op.output, { io: 'input' })).length).toBeGreaterThan(20);
  });
});

test('an act of two holders is a mutation by operators alone', () => {
  const acts = table.filter(([, op]) => op.twoHolders);
  expect(acts.length).toBeGreaterThan(0);
  for (const [, op] of acts) expect([op.kind, op.roles]).toEqual(['mutation', ['operator']]);
});

describe('names of operations are attacker-controlled', () => {
  test('the table knows its own', () => {
    for (const [name] of table) expect(isOpName(name)).toBe(true);
  });

  test.each([
    'constructor',
    '__proto__',
    'prototype',
    'toString',
    'hasOwnProperty',
    'valueOf',
    'a,b',
    'sanctions.submit,checks.match',
    'sanctions.submit/',
    '/sanctions.submit',
    'SANCTIONS.SUBMIT',
    'sanctions%2Esubmit',
    'sanctions.submit%2C',
    'sanctions.submit?batch=1',
    'sanctions/submit',
    'sanctions..submit',
    'sanctions.submit.',
    'sanctions.submit ',
    'sanctions.submit\n',
    'sanctions.submit\0',
    'sanctions',
    '',
    'ｓanctions.submit',
  ])('and does not know %j', (name) => {
    expect(isOpName(name)).toBe(false);
  });
});
