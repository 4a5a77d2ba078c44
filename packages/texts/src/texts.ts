import { IntlMessageFormat } from 'intl-messageformat';
import type { EvidenceClass, ReasonCode } from '@recourse/protocol';
import type { Catalogue, MessageKey, ReasonText } from './catalogue.ts';
import { languageFacts, type Language, type LanguageFacts } from './languages.ts';

/** Makes the part for a tag such as `<a>` in a message, given its content. */
export type Tag<Part> = (inside: (string | Part)[]) => Part;

export type MessageValues<Part = string> = Readonly<
  Record<string, string | number | Date | Part | Tag<Part>>
>;

/** All texts in one language, with dates in one time zone. */
export class Texts {
  readonly language: Language;
  readonly facts: LanguageFacts;
  readonly #catalogue: Catalogue;
  readonly #formats: ReturnType<typeof formatsIn>;
  readonly #messages = new Map<MessageKey, IntlMessageFormat>();

  constructor(language: Language, catalogue: Catalogue, timeZone: string) {
    this.language = language;
    this.facts = languageFacts[language];
    this.#catalogue = catalogue;
    this.#formats = formatsIn(timeZone);
  }

  /** One message. A placeholder without a value is a fault, and throws. */
  say(key: MessageKey, values: MessageValues = {}): string {
    return this.parts(key, values).join('');
  }

  /** One message in pieces, for values that are more than text, such as a link. */
  parts<Part = string>(key: MessageKey, values: MessageValues<Part>): (string | Part)[] {
    return [this.#message(key).format<Part>({ ...values })].flat() as (string | Part)[];
  }

  /** Whether this message exists: a registry may send codes that are newer than these texts. */
  has(key: string): key is MessageKey {
    return Object.hasOwn(this.#catalogue.messages, key);
  }

  reason(code: ReasonCode): ReasonText {
    return this.#catalogue.reasons[code];
  }

  evidence(name: EvidenceClass): string {
    return this.#catalogue.evidence[name];
  }

  /** "a, b and c" */
  list(words: readonly string[]): string {
    return new Intl.ListFormat(this.facts.locale, { type: 'conjunction' }).format(words);
  }

  /** A date without the time of day. */
  day(date: Date): string {
    return new Intl.DateTimeFormat(this.facts.locale, this.#formats.date.day).format(date);
  }

  /** An instant in the time zone, which it names. */
  instant(date: Date): string {
    return new Intl.DateTimeFormat(this.facts.locale, this.#formats.date.instant).format(date);
  }

  /** The time left until then, rounded down: "in 6 days". Empty for the past. */
  until(date: Date, now: Date): string {
    const minutes = Math.floor((date.getTime() - now.getTime()) / 60_000);
    if (minutes < 1) return '';
    const [unit, length] =
      units.find(([, least]) => minutes >= 2 * least) ?? (['minute', 1] as const);
    const format = new Intl.RelativeTimeFormat(this.facts.locale, { numeric: 'always' });
    return format.format(Math.floor(minutes / length), unit);
  }

  #message(key: MessageKey): IntlMessageFormat {
    const known = this.#messages.get(key);
    if (known) return known;
    const message = this.#catalogue.messages[key];
    const parsed = new IntlMessageFormat(message, this.facts.locale, this.#formats);
    this.#messages.set(key, parsed);
    return parsed;
  }
}

/** In minutes, from two of each on. */
const units = [
  ['day', 1440],
  ['hour', 60],
] as const;

/** @param options `timeZone` of the reader, an IANA name; UTC when it is not known */
export async function loadTexts(
  language: Language,
  options: { timeZone?: string | undefined } = {},
): Promise<Texts> {
  return new Texts(language, await loadCatalogue(language), options.timeZone ?? 'UTC');
}

/** `{at, date, day}` and `{at, date, instant}`; an instant names its time zone. */
const formatsIn = (timeZone: string) =>
  ({
    date: {
      day: { year: 'numeric', month: 'long', day: 'numeric', timeZone },
      instant: {
        year: 'numeric',
        month: 'long',
        day: 'numeric',
        hour: '2-digit',
        minute: '2-digit',
        timeZoneName: 'short',
        timeZone,
      },
    },
  }) as const;

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
