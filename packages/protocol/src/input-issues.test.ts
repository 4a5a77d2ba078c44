import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { inputIssues, sayIssue } from './input-issues.ts';

const schema = z.strictObject({
  reason: z.enum(['fraud.scam', 'fraud.payment']).optional(),
  notice: z.union([z.literal('due'), z.literal('sent')]).optional(),
  origin: z.union([z.literal('own'), z.string().regex(/^flagger:/)]).optional(),
  name: z.string().min(2).max(4).optional(),
  list: z.array(z.int().min(1).max(9)).min(1).max(2).optional(),
  policy: z.int(),
  url: z.url().optional(),
});

const issuesOf = (input: unknown) => {
  const { error } = schema.safeParse(input);
  return error ? inputIssues(error) : [];
};

describe('inputIssues', () => {
  it.each([
    [{}, 'policy', 'required'],
    [{ policy: '1' }, 'policy', 'wrong-type'],
    [{ policy: 1, name: 'a' }, 'name', 'too-short'],
    [{ policy: 1, name: 'abcde' }, 'name', 'too-long'],
    [{ policy: 1, list: [] }, 'list', 'too-few'],
    [{ policy: 1, list: [1, 1, 1] }, 'list', 'too-many'],
    [{ policy: 1, list: [0] }, 'list.0', 'too-small'],
    [{ policy: 1, list: [10] }, 'list.0', 'too-big'],
    [{ policy: 1, url: 'x' }, 'url', 'malformed'],
    [{ policy: 1, origin: 'x' }, 'origin', 'malformed'],
    [{ policy: 1, 'a@b.example': 1 }, '', 'unknown-member'],
  ])('names the member and a fault of our own: %j', (input, path, code) => {
    expect(issuesOf(input)).toEqual([{ path, code }]);
  });

  it('lists the allowed values of a closed list, also of one made of alternatives', () => {
    expect(issuesOf({ policy: 1, reason: 'x', notice: 'y' })).toEqual([
      { path: 'reason', code: 'not-allowed', allowed: ['fraud.scam', 'fraud.payment'] },
      { path: 'notice', code: 'not-allowed', allowed: ['due', 'sent'] },
    ]);
  });

  it('stops at 32, whatever the sender got wrong', () => {
    const { error } = z.array(z.string()).safeParse(Array.from({ length: 5_000 }, () => 1));
    expect(inputIssues(error!, ['in'])).toHaveLength(32);
    expect(inputIssues(error!, ['in'])[1]).toEqual({ path: 'in.1', code: 'wrong-type' });
  });
});

it.each([
  [
    { path: 'reason', code: 'not-allowed', allowed: ['a', 'b'] },
    'reason: not an allowed value; allowed: a, b',
  ],
  [{ path: 'incident.to', code: 'in-the-future' }, 'incident.to: in the future'],
  [{ path: '', code: 'unknown-member' }, 'the input: has a member that is not known here'],
])('an issue is said in words: %j', (issue, words) => {
  expect(sayIssue(issue)).toBe(words);
});
