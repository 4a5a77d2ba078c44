import type { Catalogue } from './catalogue.ts';
import type { Language } from './languages.ts';

/** Each in a chunk of its own, so that a page or a program loads the languages it shows. */
const loaders: Readonly<Record<Language, () => Promise<Catalogue>>> = {
  en: async () => (await import('./catalogues/en.ts')).en,
  de: async () => (await import('./catalogues/de.ts')).de,
  fr: async () => (await import('./catalogues/fr.ts')).fr,
  es: async () => (await import('./catalogues/es.ts')).es,
  pt: async () => (await import('./catalogues/pt.ts')).pt,
  zh: async () => (await import('./catalogues/zh.ts')).zh,
  hi: async () => (await import('./catalogues/hi.ts')).hi,
  ar: async () => (await import('./catalogues/ar.ts')).ar,
};

export const loadCatalogue = (language: Language): Promise<Catalogue> => loaders[language]();
