import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { now } from '../tests/fixtures.ts';
import { toBase64url } from './bytes.ts';
import {
  b64u,
  b64u32,
  compactJws,
  fromNumericDate,
  language,
  numericDate,
  timestamp,
  toNumericDate,
  toTimestamp,
} from './schemas.ts';

const accepts = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success;

test('b64u32 is 32 bytes in their one spelling', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
      const text = toBase64url(bytes);
      expect(accepts(b64u32, text)).toBe(true);
      const last = text.codePointAt(42) ?? 0;
      expect(accepts(b64u32, text.slice(0, 42) + String.fromCodePoint(last + 1))).toBe(false);
    }),
  );
  for (const length of [0, 31, 33, 64]) {
    expect(accepts(b64u32, toBase64url(new Uint8Array(length)))).toBe(false);
  }
  for (const bad of [`${'A'.repeat(43)}\n`, `${'A'.repeat(43)}=`, `${'A'.repeat(42)}+`, 1, null]) {
    expect(accepts(b64u32, bad)).toBe(false);
  }
});

const cases: [string, z.ZodType, good: unknown[], bad: unknown[]][] = [
  ['b64u', b64u, ['', 'AA', '-_'], ['A=', 'A A', 'A\n', '+']],
  [
    'numericDate',
    numericDate,
    [0, now, 253_402_300_799],
    [-1, 0.5, 253_402_300_800, NaN, Infinity, '1', new Date()],
  ],
  [
    'timestamp',
    timestamp,
    ['2026-03-01T12:00:00Z', '2026-03-01T12:00:00.123Z'],
    [
      '2026-03-01T12:00:00',
      '2026-03-01T12:00:00+00:00',
      '2026-03-01 12:00:00Z',
      '2026-03-01T12:00:00Z\n',
      '2026-03-01T12:00:00.1Z',
      now,
    ],
  ],
  [
    'compactJws',
    compactJws,
    ['a.b.c'],
    ['a.b', 'a.b.c.d', 'a..c', 'a.b.', ' a.b.c', 'a.b.c\n', `a.b.${'c'.repeat(65_536)}`],
  ],
  [
    'language',
    language,
    ['en', 'de-CH', 'fil'],
    ['EN', 'english', 'de-ch', 'en_GB', 'e', 'en-GB\n'],
  ],
];

describe.each(cases)('%s', (...[, schema, good, bad]) => {
  test.each(good)('takes %j', (value) => {
    expect(accepts(schema, value)).toBe(true);
  });
  test.each(bad)('refuses %j', (value) => {
    expect(accepts(schema, value)).toBe(false);
  });
});

test('times are whole seconds, and survive both spellings', () => {
  const date = new Date(now * 1000 + 999);
  expect(toNumericDate(date)).toBe(now);
  expect(toTimestamp(date)).toBe('2026-03-01T12:00:00Z');
  expect(Date.parse(toTimestamp(date))).toBe(fromNumericDate(now).getTime());
  expect(accepts(timestamp, toTimestamp(date))).toBe(true);
});
