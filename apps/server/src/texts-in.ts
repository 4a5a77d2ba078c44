import { isLanguage, languages, loadTexts, type Language, type Texts } from '@recourse/texts';

/** All of them, parsed at first use and kept: times are in UTC, which a script may turn into the reader's own. */
const loaded = new Map<Language, Texts>();
for (const language of languages) loaded.set(language, await loadTexts(language));

export function textsIn(language: Language): Texts {
  const texts = loaded.get(language);
  if (!texts) throw new RangeError(language);
  return texts;
}

/** The texts of a tag such as `de-CH`; English where there are none. */
export function textsOf(tag: string): Texts {
  const [primary = ''] = tag.split('-');
  return textsIn(isLanguage(primary) ? primary : 'en');
}

/** Words as a list, for pages that are in English alone. */
export const listed = (words: readonly string[]): string => textsIn('en').list(words);
