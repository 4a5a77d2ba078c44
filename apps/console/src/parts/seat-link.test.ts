import { expect, test } from 'vitest';
import { seatIn } from './seat-link.ts';

const terms = {
  invite: 'A'.repeat(43),
  affiliations: [],
  languages: ['pl'],
  optOut: ['abuse.ncii'],
  termUntil: 1_900_000_000,
};
const linked = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

test('a link has the terms of a seat, and nothing that the reviewer would not read', () => {
  expect(seatIn(linked(terms))).toEqual(terms);
  expect(seatIn(linked({ ...terms, role: 'operator' }))).toBeUndefined();
  expect(seatIn(linked({ ...terms, languages: ['Polish'] }))).toBeUndefined();
});

test.each([undefined, '', '%', linked(terms).slice(0, -9), linked(null)])(
  'a link that was cut or mistyped has none: %s',
  (text) => expect(seatIn(text)).toBeUndefined(),
);
