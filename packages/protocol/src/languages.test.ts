import { describe, expect, it } from 'vitest';
import { languageNames, writtenLanguage } from './languages.ts';

describe('the language of a notice', () => {
  it.each(['en', 'de-CH', 'pl', 'zh', 'hi', 'ar'])('can be %s', (code) => {
    expect(writtenLanguage.safeParse(code).success).toBe(true);
  });

  it.each(['xx', 'english', 'EN', 'de-ch', 'en\n', ''])('cannot be %j', (code) => {
    expect(writtenLanguage.safeParse(code).success).toBe(false);
  });

  it('can be each official language of the European Union', () => {
    const official =
      'bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv'.split(' ');
    const offered: readonly string[] = languageNames.map(([code]) => code);
    expect(official.filter((code) => !offered.includes(code))).toEqual([]);
  });
});
