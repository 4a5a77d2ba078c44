import { expect, test } from 'vitest';
import { chooseLanguage } from './choose-language.ts';

test.each([
  [undefined, '', 'en', false],
  [undefined, 'de-DE,de;q=0.9,en;q=0.8', 'de', false],
  [undefined, 'nl,pl;q=0.9', 'en', false],
  [undefined, 'nl, en;q=0.3, ar;q=0.7', 'ar', false],
  [undefined, 'zh-Hant-TW', 'zh', false],
  [undefined, 'de;q=0, fr;q=0.1', 'fr', false],
  [undefined, ';;;,,,q=9', 'en', false],
  ['hi', 'de', 'hi', true],
  ['xx', 'de', 'de', false],
  ['__proto__', '', 'en', false],
] as const)('?lang=%s and Accept-Language: %s is %s', (...[query, accept, language, explicit]) => {
  expect(chooseLanguage(query, accept)).toEqual({ language, explicit });
});
