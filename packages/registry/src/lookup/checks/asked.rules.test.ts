import { describe, expect, test } from 'vitest';
import { refuseBeyond } from './asked.rules.ts';

const question = (check: string, marks: number[], known: number[] = []) => ({
  check,
  marks,
  known,
  empty: 0,
  evaluated: 3,
});
const beyond = expect.objectContaining({
  code: 'invalid-input',
  issues: [{ path: 'tokens', code: 'evaluate-first' }],
});

describe('under a check that evaluated three tokens', () => {
  test.each([
    ['three are asked', [], [1, 2, 3], []],
    ['and no fourth', [], [1, 2, 3, 4], [[0, beyond]]],
    ['nor after the others', [1, 2, 3], [4], [[0, beyond]]],
    ['what was asked before is asked again', [1, 2, 3], [3, 1], []],
    ['one that is named twice is one', [1, 2], [3, 3, 1], []],
  ])('%s', (...[, known, marks, refused]) => {
    expect([...refuseBeyond([question('a', marks, known)])]).toEqual(refused);
  });
});

describe('of questions that commit together', () => {
  test('the first that goes beyond its check is refused, and no other', () => {
    const refused = refuseBeyond([
      question('a', [1, 2]),
      undefined,
      question('b', [7, 8, 9]),
      question('a', [3]),
      question('a', [4]),
      question('a', [2, 1]),
    ]);
    expect([...refused]).toEqual([[4, beyond]]);
  });

  test('each knows what any of them knows', () => {
    const refused = refuseBeyond([question('a', [1], [1, 2, 3]), question('a', [4])]);
    expect([...refused.keys()]).toEqual([1]);
  });

  test('what is refused counts nothing', () => {
    const refused = refuseBeyond([question('a', [1, 2, 3, 4]), question('a', [5, 6])]);
    expect([...refused.keys()]).toEqual([0]);
  });
});
