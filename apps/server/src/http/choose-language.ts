import { isLanguage, type Language } from '@recourse/texts';
import type { HttpContext } from './context.ts';

export interface ChosenLanguage {
  readonly language: Language;
  /** Chosen by the reader, and so kept in every link and form; else the browser says it each time */
  readonly explicit: boolean;
}

export interface Linking {
  /** A path of these pages, with the language where the reader chose it */
  readonly to: (path: string) => string;
}

/** The language of a reader, and how links and forms keep one that they chose. */
export function languageOf(c: HttpContext): Linking & { readonly language: Language } {
  const accept = c.req.header('accept-language') ?? '';
  const { language, explicit } = chooseLanguage(c.req.query('lang'), accept);
  return { language, to: (path) => (explicit ? `${path}?lang=${language}` : path) };
}

/** The query is one of eight words, or nothing; then what the browser prefers (RFC 9110, section 12.5.4). */
export function chooseLanguage(query: string | undefined, accept: string): ChosenLanguage {
  if (query !== undefined && isLanguage(query)) return { language: query, explicit: true };
  return { language: preferred(accept), explicit: false };
}

/** Headers are attacker-controlled: a bounded part of it is read, and it chooses among eight. */
const longestHeader = 500;

function preferred(accept: string): Language {
  const ranges = accept
    .slice(0, longestHeader)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
      const quality = parameters.map(
        (parameter) => /^\s*q=([01](?:\.\d{0,3})?)\s*$/.exec(parameter)?.[1],
      );
      return { language: tag.split('-')[0] ?? '', quality: Number(quality.find(Boolean) ?? 1) };
    })
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality);
  for (const { language } of ranges) if (isLanguage(language)) return language;
  return 'en';
}
