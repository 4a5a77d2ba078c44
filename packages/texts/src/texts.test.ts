import { describe, expect, test } from 'vitest';
import { languages } from './languages.ts';
import { loadTexts } from './texts.ts';

const now = new Date(Date.UTC(2026, 0, 1));
const after = (minutes: number): Date => new Date(now.getTime() + minutes * 60_000);

describe('how long until a deadline', () => {
  test.each([
    [7 * 1440 - 1, 'in 6 days'],
    [2 * 1440, 'in 2 days'],
    [2 * 1440 - 1, 'in 47 hours'],
    [120, 'in 2 hours'],
    [119, 'in 119 minutes'],
    [1, 'in 1 minute'],
    [0.5, ''],
    [-1440, ''],
  ])('%d minutes: never more than there is', async (minutes, text) => {
    expect((await loadTexts('en')).until(after(minutes), now)).toBe(text);
  });

  test('in each language by words of its own', async () => {
    const texts = await Promise.all(
      languages.map(async (language) => (await loadTexts(language)).until(after(5 * 1440), now)),
    );
    expect(new Set(texts).size).toBe(languages.length);
  });
});
