import { readdirSync, readFileSync } from 'node:fs';
import { parse, TYPE, type MessageFormatElement } from '@formatjs/icu-messageformat-parser';
import {
  actions,
  appealGrounds,
  decisionOutcomes,
  historyCauses,
  historyEvents,
  identifierKinds,
  outcomes,
  recallActions,
  recallKinds,
  sanctionStates,
  inquiryAnswers,
  inquiryQuestions,
  toldPurposes,
} from '@recourse/protocol';
import { describe, expect, it } from 'vitest';
import type { MessageKey } from './catalogue.ts';
import { languageFacts, languages, type Language } from './languages.ts';
import { loadCatalogue } from './texts.ts';

const translations = languages.filter((language) => language !== 'en');
const english = await loadCatalogue('en');
const keys = Object.keys(english.messages) as MessageKey[];

/** Placeholders with the choices of each, as translators must keep them; plural categories are of the language. */
function shapeOf(message: string): string[] {
  const found: string[] = [];
  const walk = (elements: readonly MessageFormatElement[]): void => {
    for (const element of elements) {
      if (element.type === TYPE.literal || element.type === TYPE.pound) continue;
      if (element.type === TYPE.tag) {
        found.push(`<${element.value}>`);
        walk(element.children);
      } else if (element.type === TYPE.select || element.type === TYPE.plural) {
        const choices = element.type === TYPE.select ? Object.keys(element.options).sort() : [];
        found.push(`${element.value}:${choices.join('|')}`);
        Object.values(element.options).forEach(({ value }) => walk(value));
      } else {
        const style = 'style' in element ? element.style : undefined;
        found.push(typeof style === 'string' ? `${element.value}:${style}` : element.value);
      }
    }
  };
  walk(parse(message));
  return [...new Set(found)].sort();
}

/** CLDR categories that a message must tell apart: all that whole numbers have in the language. */
function pluralsIn(message: string): string[][] {
  const found: string[][] = [];
  const walk = (elements: readonly MessageFormatElement[]): void => {
    for (const element of elements) {
      if (element.type === TYPE.plural) {
        found.push(Object.keys(element.options).filter((name) => !name.startsWith('=')));
      }
      if (element.type === TYPE.plural || element.type === TYPE.select) {
        Object.values(element.options).forEach(({ value }) => walk(value));
      }
    }
  };
  walk(parse(message));
  return found;
}

const leaves = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : Object.values(value as object).flatMap(leaves);

describe.each(translations)('the catalogue in %s', (language) => {
  it('has the keys of the English one, no more and no fewer', async () => {
    const own = await loadCatalogue(language);
    expect(Object.keys(own.messages).sort()).toEqual([...keys].sort());
    for (const table of ['reasons', 'evidence'] as const) {
      expect(Object.keys(own[table]).sort()).toEqual(Object.keys(english[table]).sort());
    }
  });

  it('keeps every placeholder and choice', async () => {
    const own = await loadCatalogue(language);
    for (const key of keys) {
      expect([key, shapeOf(own.messages[key])]).toEqual([key, shapeOf(english.messages[key])]);
    }
  });

  it('leaves no text in English', async () => {
    const own = await loadCatalogue(language);
    // A word that two languages share, alone, is no sentence.
    const same = keys.filter(
      (key) => own.messages[key] === english.messages[key] && own.messages[key].includes(' '),
    );
    expect(same).toEqual([]);
    const [mine, theirs] = [own, english].map(({ reasons, evidence }) => [
      ...leaves(reasons),
      ...leaves(evidence),
    ]) as [string[], string[]];
    expect(mine.filter((text) => theirs.includes(text))).toEqual([]);
  });

  it('is in the script of the language', async () => {
    const own = await loadCatalogue(language);
    const script = scripts[language];
    for (const text of [...leaves(own.reasons), ...leaves(own.evidence)]) {
      expect(text).toMatch(script);
    }
    for (const key of keys)
      expect([key, own.messages[key]]).toEqual([key, expect.stringMatching(script)]);
  });
});

const scripts: Readonly<Record<Language, RegExp>> = {
  ...(Object.fromEntries(languages.map((code) => [code, /\p{Script=Latin}/u])) as Record<
    Language,
    RegExp
  >),
  zh: /\p{Script=Han}/u,
  hi: /\p{Script=Devanagari}/u,
  ar: /\p{Script=Arabic}/u,
};

describe.each(languages)('messages in %s', (language) => {
  it('have every plural category of the language', async () => {
    const own = await loadCatalogue(language);
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
    // "many" of French, Spanish and Portuguese is for millions.
    const needed = pluralCategories.filter((name) => name !== 'many' || language === 'ar');
    for (const key of keys) {
      for (const categories of pluralsIn(own.messages[key])) {
        expect([key, categories]).toEqual([key, expect.arrayContaining(needed)]);
      }
    }
  });

  it('hold no markup, no control characters and no stray space', async () => {
    const own = await loadCatalogue(language);
    for (const text of leaves(own)) {
      expect(text).not.toMatch(/[\p{Cc}\p{Bidi_Control}]|^\s|\s$| {2}|&[a-z]+;/u);
    }
  });
});

/** For a code that is newer than these texts. */
const unknown = 'unknown';

describe('the English catalogue', () => {
  it.each([
    ['ground', appealGrounds],
    ['state', sanctionStates],
    ['action', actions],
    ['kind', identifierKinds],
    ['purpose', toldPurposes],
    ['outcome', outcomes],
    ['recall', recallKinds],
    ['recallAction', recallActions],
    ['decision', decisionOutcomes],
    ['question', inquiryQuestions],
    ['answer', inquiryAnswers],
    ['cause', [...historyCauses, unknown]],
    ['event', [...historyEvents, unknown]],
  ] as const)('has exactly the codes of the protocol for %s', (family, codes) => {
    const named = keys
      .filter((key) => key.startsWith(`${family}.`))
      .map((key) => key.slice(family.length + 1).replace(/\.(title|more|meaning)$/, ''));
    expect([...new Set(named)].sort()).toEqual([...codes].sort());
  });

  it('has no notice message that nothing uses', () => {
    const source = ['record-notice.ts', 'delivered-notice.ts']
      .map((file) => readFileSync(new URL(file, import.meta.url), 'utf8'))
      .join('');
    const unused = keys.filter((key) => key.startsWith('notice.') && !source.includes(`'${key}'`));
    expect(unused).toEqual([]);
  });

  it('says for each language whether a person has reviewed it, and English is what counts', () => {
    expect(languageFacts.en.reviewed).toBe(true);
    const folders = readdirSync(new URL('catalogues/', import.meta.url), { withFileTypes: true });
    const named = folders.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    expect(named.sort()).toEqual([...languages].sort());
  });
});
