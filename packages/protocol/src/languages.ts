import { z } from 'zod';

/** Languages that people can be written to in, by their own names. */
export const languageNames = [
  ['ar', 'العربية'],
  ['bg', 'Български'],
  ['bn', 'বাংলা'],
  ['cs', 'Čeština'],
  ['da', 'Dansk'],
  ['de', 'Deutsch'],
  ['el', 'Ελληνικά'],
  ['en', 'English'],
  ['es', 'Español'],
  ['et', 'Eesti'],
  ['fa', 'فارسی'],
  ['fi', 'Suomi'],
  ['fr', 'Français'],
  ['ga', 'Gaeilge'],
  ['he', 'עברית'],
  ['hi', 'हिन्दी'],
  ['hr', 'Hrvatski'],
  ['hu', 'Magyar'],
  ['id', 'Bahasa Indonesia'],
  ['it', 'Italiano'],
  ['ja', '日本語'],
  ['ko', '한국어'],
  ['lt', 'Lietuvių'],
  ['lv', 'Latviešu'],
  ['mt', 'Malti'],
  ['nl', 'Nederlands'],
  ['no', 'Norsk'],
  ['pl', 'Polski'],
  ['pt', 'Português'],
  ['ro', 'Română'],
  ['ru', 'Русский'],
  ['sk', 'Slovenčina'],
  ['sl', 'Slovenščina'],
  ['sv', 'Svenska'],
  ['tr', 'Türkçe'],
  ['uk', 'Українська'],
  ['ur', 'اردو'],
  ['vi', 'Tiếng Việt'],
  ['zh', '中文'],
] as const;

const codes = languageNames.map(([code]) => code).join('|');

/** One of them, with an optional region: a code that names no language proves no notice. */
export const writtenLanguage = z.string().regex(new RegExp(`^(${codes})(-[A-Z]{2})?$`));

/** A primary subtag alone, as forms offer it. */
export const isWrittenLanguage = (code: string): boolean =>
  languageNames.some(([offered]) => offered === code);
