import { describe, expect, it } from 'vitest';
import { createHmac } from 'node:crypto';
import { letterCode, readLetterCode } from './letter-code.ts';

const vault = (key: string) => ({
  proofOf: (text: string) => createHmac('sha256', key).update(text).digest(),
});
const facts = {
  sub: 'snc_01k2m3n4p5q6r7s8t9v0w1x2y3',
  outcome: 'reversed',
  cause: 'conceded',
  endedAt: 1_800_000_000,
} as const;

describe('the code of a letter', () => {
  it('says when the record was made, and a MAC of 80 bits of everything that the letter says', () => {
    const code = letterCode(vault('a'), facts);
    expect(code).toMatch(/^01k2-m3n4(-[0-9a-hjkmnp-tv-z]{4}){4}$/);
    const others = [
      letterCode(vault('b'), facts),
      letterCode(vault('a'), { ...facts, sub: 'snc_01k2m3n4p5q6r7s8t9v0w1x2y4' }),
      letterCode(vault('a'), { ...facts, outcome: 'withdrawn' }),
      letterCode(vault('a'), { ...facts, cause: 'error' }),
      letterCode(vault('a'), { ...facts, endedAt: facts.endedAt + 1 }),
    ];
    expect(new Set([code, ...others]).size).toBe(6);
  });

  it('is read as people type it, and nothing else is', () => {
    const code = '01k2-m3n4-p5q6-r7s8-t9v0-w1x2';
    for (const typed of [
      code,
      'OIK2M3N4P5Q6R7S8T9VOWLX2',
      ' 01k2 m3n4 p5q6 r7s8 t9v0 w1x2 ',
      `https://registry.example/letter#${code}`,
    ]) {
      expect(readLetterCode(typed)).toBe(code);
    }
    for (const typed of [
      '',
      code.slice(1),
      `${code}-0000`,
      code.replace('k', 'u'),
      'é'.repeat(24),
    ]) {
      expect(readLetterCode(typed)).toBeUndefined();
    }
  });
});
