import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openObjects } from '../../tests/walk-schema.ts';
import { caseOps, isCaseOpName, type CaseOperation, type CaseOpName } from './cases.ts';

const table = Object.entries(caseOps) as [CaseOpName, CaseOperation][];

describe.each(table)('%s', (name, op) => {
  test('is an act on a case, with a summary', () => {
    expect(name).toMatch(/^case\.[a-z][A-Za-z]*$/);
    expect(op.summary).toMatch(/^[A-Z].{5,140}\.$/);
  });

  test('refuses unknown members of its input, at every level', () => {
    const parsed = op.input.safeParse({ 'no-such-member': 1 });
    expect(parsed.error?.issues).toContainEqual(
      expect.objectContaining({ code: 'unrecognized_keys', keys: ['no-such-member'] }),
    );
    expect(openObjects(op.input)).toEqual([]);
  });

  test('names an id made by the client, so that a repeated body has one effect', () => {
    expect(z.toJSONSchema(op.input, { io: 'input' }).required).toContain('jti');
  });

  test('bounds every text of its input', () => {
    const unbounded: string[] = [];
    JSON.stringify(z.toJSONSchema(op.input, { io: 'input' }), (key, node: unknown) => {
      const isText =
        typeof node === 'object' && node !== null && 'type' in node && node.type === 'string';
      const isBounded =
        isText && ('maxLength' in node || 'enum' in node || 'pattern' in node || 'const' in node);
      if (isText && !isBounded) unbounded.push(key);
      return node;
    });
    expect(unbounded).toEqual([]);
  });

  test('becomes JSON Schema', () => {
    expect(JSON.stringify(z.toJSONSchema(op.output, { io: 'input' })).length).toBeGreaterThan(20);
  });
});

test('names that are attacker-controlled are looked up as own properties', () => {
  for (const [name] of table) expect(isCaseOpName(name)).toBe(true);
  for (const name of ['constructor', '__proto__', 'case.open,case.claim', 'case', 'case.Open', ''])
    expect(isCaseOpName(name)).toBe(false);
});
