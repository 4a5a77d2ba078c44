import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { majorityOf } from './majority.rules.ts';
import { seatedOn } from './seats.rules.ts';

const openedAt = new Date('2026-06-01T00:00:00Z');
const days = (n: number): Date => new Date(openedAt.getTime() + n * 86_400_000);
const holders = Array.from({ length: 9 }, (_, n) => `hld_${n}`);
const seats = (of: { item?: string; voted?: string[] } = {}) => ({
  item: of.item ?? 'itm_1',
  votes: 3,
  openedAt,
  holders,
  voted: new Set(of.voted),
});

test('as many are asked as votes are missing, and as many again every three days', () => {
  expect(seatedOn(seats(), openedAt)).toHaveLength(3);
  expect(seatedOn(seats(), days(2.99))).toHaveLength(3);
  expect(seatedOn(seats(), days(3))).toHaveLength(6);
  expect(seatedOn(seats(), days(30))).toHaveLength(9);
});

test('whoever was asked stays asked, whoever else votes', () => {
  const [first, second, third] = seatedOn(seats(), openedAt);
  expect(seatedOn(seats({ voted: [second!] }), openedAt)).toEqual([first, third]);
  expect(seatedOn(seats({ voted: [first!, second!, third!] }), days(9))).toEqual([]);
});

test('reviewers are asked in the order of H("recourse/panel-seat/1" || item || holder)', () => {
  const place = (holder: string): string =>
    createHash('sha256').update(`recourse/panel-seat/1itm_1${holder}`).digest('base64url');
  const inOrder = holders.toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
  expect(seatedOn(seats(), openedAt)).toEqual(inOrder.slice(0, 3));
});

test('another item asks others', () => {
  const asked = new Set(
    Array.from({ length: 40 }, (_, n) => seatedOn(seats({ item: `itm_${n}` }), openedAt)[0]),
  );
  expect(asked.size).toBeGreaterThan(4);
});

test('the harsher outcome needs a majority of all votes, and everything else is the milder one', () => {
  const vote = fc.constantFrom('suspend' as const, 'refuse' as const);
  fc.assert(
    fc.property(fc.array(vote, { maxLength: 3 }), (votes) => {
      const harsh = votes.filter((one) => one === 'suspend').length;
      const expected = votes.length === 3 && harsh >= 2 ? 'suspend' : 'refuse';
      expect(majorityOf('party-suspension', votes)).toBe(expected);
    }),
  );
  expect(majorityOf('suspension-appeal', ['uphold', 'uphold', 'lift'])).toBe('uphold');
  expect(majorityOf('suspension-appeal', ['uphold', 'uphold'])).toBe('lift');
});
