import fc from 'fast-check';
import { expect, test } from 'vitest';
import { padBody, padTo } from './pad.ts';

test.each([
  [0, 4096],
  [4096, 4096],
  [4097, 8192],
  [16_385, 32_768],
])('a body of %i bytes is sent as %i', (bytes, padded) => {
  expect(padTo(bytes)).toBe(padded);
});

test('every body has a length of a class, and says what it said', () => {
  const result = fc.dictionary(
    fc.string().filter((name) => name !== 'pad' && name !== '__proto__'),
    fc.string({ unit: 'binary', maxLength: 3000 }),
  );
  fc.assert(
    fc.property(result, fc.option(fc.string(), { nil: undefined }), (members, changes) => {
      const body = padBody(members, changes);
      const bytes = Buffer.byteLength(body);
      expect(padTo(bytes)).toBe(bytes);
      const parsed = JSON.parse(body) as { result: { pad?: string }; changes?: unknown };
      delete parsed.result.pad;
      expect(parsed).toEqual(JSON.parse(JSON.stringify({ result: members, changes })));
    }),
  );
});

test('a member that is undefined leaves no comma behind', () => {
  expect(JSON.parse(padBody({ a: undefined }))).toMatchObject({ result: {} });
});
