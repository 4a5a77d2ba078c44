export const languages = ['en', 'de', 'fr', 'es', 'pt', 'zh', 'hi', 'ar'] as const;
/** A language that has every text, as a BCP 47 primary subtag; `zh` has simplified characters. */
export type Language = (typeof languages)[number];

export interface LanguageFacts {
  /** Name of the language in itself */
  readonly name: string;
  readonly direction: 'ltr' | 'rtl';
  /** For dates and lists */
  readonly locale: string;
  /** Whether a person who speaks it reviewed every text; if not, the texts say so, and the English text prevails */
  readonly reviewed: boolean;
}

export const languageFacts: Readonly<Record<Language, LanguageFacts>> = {
  en: { name: 'English', direction: 'ltr', locale: 'en-GB', reviewed: true },
  de: { name: 'Deutsch', direction: 'ltr', locale: 'de', reviewed: false },
  fr: { name: 'Français', direction: 'ltr', locale: 'fr', reviewed: false },
  es: { name: 'Español', direction: 'ltr', locale: 'es', reviewed: false },
  pt: { name: 'Português', direction: 'ltr', locale: 'pt', reviewed: false },
  zh: { name: '简体中文', direction: 'ltr', locale: 'zh', reviewed: false },
  hi: { name: 'हिन्दी', direction: 'ltr', locale: 'hi', reviewed: false },
  ar: { name: 'العربية', direction: 'rtl', locale: 'ar', reviewed: false },
};

export const isLanguage = (code: string): code is Language =>
  languages.some((known) => known === code);
