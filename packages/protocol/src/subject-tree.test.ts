import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytes32, codeOf, now } from '../tests/fixtures.ts';
import { fromBase64url, toBase64url } from './bytes.ts';
import { identifierKinds } from './identifiers/kinds.ts';
import {
  controls,
  subjectCommitment,
  subjectCommitments,
  subjectLeaves,
  subjectPath,
  subjectPathSchema,
  subjectSchema,
  subjectsRoot,
  verifySubject,
  type Subject,
  type SubjectPath,
} from './subject-tree.ts';

const subjectOf = (index: number, change: Partial<Subject> = {}): Subject => ({
  index,
  epoch: 3,
  kind: 'email',
  control: 'otp',
  provenAt: now,
  salt: bytes32(index + 1),
  token: bytes32(index + 101),
  ...change,
});
const padding = (count: number) => Array.from({ length: count }, (_, i) => bytes32(i + 201));

function disclose(
  subjects: Subject[],
  index: number,
): { leaf: SubjectPath; root: string; token: string } {
  const commitments = subjectCommitments(subjects, padding(subjectLeaves - subjects.length));
  const subject = subjects.find((subject) => subject.index === index);
  if (!subject) throw new Error('no such subject');
  const { token, ...rest } = subject;
  return {
    leaf: { ...rest, path: subjectPath(commitments, index) },
    root: subjectsRoot(commitments),
    token,
  };
}
const outcome = (leaf: SubjectPath, expected: { token: string; root: string }) =>
  codeOf(() => verifySubject(leaf, expected));

const anyBytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toBase64url);
const anySubjects = fc
  .uniqueArray(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 8 })
  .chain((indexes) =>
    fc.tuple(
      ...indexes.map((index) =>
        fc.record({
          index: fc.constant(index),
          epoch: fc.integer({ min: 1, max: 0xffff_ffff }),
          kind: fc.constantFrom(...identifierKinds),
          control: fc.constantFrom(...controls),
          provenAt: fc.integer({ min: 0, max: 253_402_300_799 }),
          salt: anyBytes32,
          token: anyBytes32,
        }),
      ),
    ),
  );

describe('the commitment of a subject', () => {
  test('is H over the layout of section 5', () => {
    const subject = subjectOf(0, { epoch: 0x01020304, provenAt: 0x0102030405 });
    const expected = createHash('sha256')
      .update('recourse/subject/1')
      .update(Uint8Array.of(1, 2, 3, 4))
      .update('\u0005email\u0003otp')
      .update(Uint8Array.of(0, 0, 0, 1, 2, 3, 4, 5))
      .update(fromBase64url(subject.salt))
      .update(fromBase64url(subject.token));
    expect(subjectCommitment(subject)).toBe(expected.digest('base64url'));
  });

  test('depends on every member', () => {
    const all = [
      {},
      { epoch: 4 },
      { kind: 'phone' },
      { control: 'kyc' },
      { provenAt: now + 1 },
      { salt: bytes32(9) },
      { token: bytes32(9) },
    ] as const;
    expect(new Set(all.map((change) => subjectCommitment(subjectOf(0, change)))).size).toBe(
      all.length,
    );
  });
});

describe('the tree', () => {
  test('opens every subject, wherever it lies and however many there are', () => {
    fc.assert(
      fc.property(anySubjects, (subjects) => {
        for (const { index } of subjects) {
          const { leaf, root, token } = disclose(subjects, index);
          expect(subjectPathSchema.parse(leaf)).toEqual(leaf);
          verifySubject(leaf, { root, token });
        }
      }),
      { numRuns: 50 },
    );
  });

  test('has eight leaves, whatever the number of subjects', () => {
    for (let count = 1; count <= 8; count++) {
      const subjects = Array.from({ length: count }, (_, i) => subjectOf(i));
      expect(subjectCommitments(subjects, padding(8 - count)).length).toBe(8);
    }
  });

  test('puts padding into the places that no subject has, in order', () => {
    const [first, second, ...rest] = padding(6);
    const commitments = subjectCommitments(
      [subjectOf(5), subjectOf(1)],
      [first ?? '', second ?? '', ...rest],
    );
    expect(commitments[0]).toBe(first);
    expect(commitments[1]).toBe(subjectCommitment(subjectOf(1)));
    expect(commitments[2]).toBe(second);
    expect(commitments[5]).toBe(subjectCommitment(subjectOf(5)));
  });

  test.each<[string, Subject[], number]>([
    ['too little padding', [subjectOf(0)], 6],
    ['too much padding', [subjectOf(0)], 8],
    ['padding for a full tree', Array.from({ length: 8 }, (_, i) => subjectOf(i)), 1],
    ['two subjects in one place', [subjectOf(0), subjectOf(0, { token: bytes32(77) })], 6],
    ['a place beyond the tree', [subjectOf(8)], 8],
    ['a place before the tree', [subjectOf(-1)], 8],
  ])('is refused with %s', async (_, subjects, count) => {
    expect(await codeOf(() => subjectCommitments(subjects, padding(count)))).toBe(
      'commitment-mismatch',
    );
  });

  test('another token is not in it, though the rest fits', async () => {
    const { leaf, root, token } = disclose([subjectOf(2), subjectOf(4)], 2);
    expect(await outcome(leaf, { root, token })).toBe('nothing thrown');
    for (const other of [subjectOf(4).token, bytes32(1)]) {
      expect(await outcome(leaf, { root, token: other })).toBe('commitment-mismatch');
    }
  });

  test.each<[string, Partial<SubjectPath>]>([
    ['index', { index: 3 }],
    ['epoch', { epoch: 4 }],
    ['kind', { kind: 'phone' }],
    ['control', { control: 'kyc' }],
    ['provenAt', { provenAt: now - 1 }],
    ['salt', { salt: bytes32(99) }],
  ])('a disclosed leaf with another %s is refused', async (_, change) => {
    const { leaf, root, token } = disclose([subjectOf(2), subjectOf(4)], 2);
    expect(await outcome({ ...leaf, ...change }, { root, token })).toBe('commitment-mismatch');
  });

  test('another root or path is refused: each hash, their order, their number', async () => {
    const { leaf, root, token } = disclose([subjectOf(2), subjectOf(4)], 2);
    const [a = '', b = '', c = ''] = leaf.path;
    const x = bytes32(50);
    for (const path of [[x, b, c], [a, x, c], [a, b, x], [b, a, c], [a, b], [a, b, c, x], []]) {
      expect(await outcome({ ...leaf, path }, { root, token })).toBe('commitment-mismatch');
    }
    expect(await outcome(leaf, { root: x, token })).toBe('commitment-mismatch');
  });

  test('a leaf that is an inner node of another tree is refused: leaves and nodes hash apart', async () => {
    const commitments = subjectCommitments([subjectOf(0)], padding(7));
    const { leaf, root, token } = disclose([subjectOf(0)], 0);
    const shorter = { ...leaf, path: subjectPath(commitments, 0).slice(1) };
    expect(await outcome(shorter, { root, token })).toBe('commitment-mismatch');
  });
});

test('a subject is strict, with a place of 0 to 7 and an epoch of 32 bits', () => {
  expect(subjectSchema.parse(subjectOf(7))).toEqual(subjectOf(7));
  for (const change of [
    { index: 8 },
    { index: -1 },
    { index: 0.5 },
    { epoch: 0 },
    { epoch: 2 ** 32 },
    { kind: 'name' },
    { control: 'trust-me' },
    { token: 'x' },
    { note: 'x' },
  ]) {
    expect(subjectSchema.safeParse({ ...subjectOf(0), ...change }).success).toBe(false);
  }
  const { leaf } = disclose([subjectOf(0)], 0);
  expect(subjectPathSchema.safeParse({ ...leaf, token: bytes32(1) }).success).toBe(false);
  expect(subjectPathSchema.safeParse({ ...leaf, path: leaf.path.slice(1) }).success).toBe(false);
});
