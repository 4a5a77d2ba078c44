import {
  appealGrounds,
  maxWords,
  type AppealGround,
  type CaseInput,
  type CaseOpName,
} from '@recourse/protocol';
import { readCaseSecret } from '../../case-secret.ts';
import type { Fields } from './creator-forms.ts';
import type { Creator } from './creator.ts';
import { keyPage } from './key-page.ts';
import { isOfferedLanguage } from './languages.ts';
import { notACode, showCase } from './show-case.ts';

type Act = (creator: Creator, fields: Fields) => Promise<Response>;

export const claim: Act = async (creator, fields) => {
  const { jti = '', code = '', newKey = '' } = fields;
  const claimed = await creator.act('case.claim', { jti, code, newKey });
  if (!claimed.ok) return creator.trouble(claimed.problem, code);
  return creator.page(keyPage(creator.drawing, { key: newKey, title: 'This case is yours' }));
};

export const rotate: Act = async (creator, fields) => {
  const { jti = '', key = '', newKey = '' } = fields;
  const rotated = await creator.act('case.rotate', { jti, key, newKey });
  if (!rotated.ok) return creator.trouble(rotated.problem, key);
  return creator.page(keyPage(creator.drawing, { key: newKey, title: 'The key was replaced' }));
};

export const unlock: Act = (creator, fields) => {
  const code = readCaseSecret(fields['code'] ?? '');
  return actOn(creator, fields, {
    op: 'case.unlock',
    input: (by) => ({ ...by, code: code ?? '' }),
    errors: { code: code === undefined ? notACode : '' },
    refused: { code: 'That is not the code of this case.' },
    said: 'The reason and the facts are shown below.',
  });
};

export const contest: Act = (creator, fields) =>
  actOn(creator, fields, {
    op: 'case.contest',
    input: (by) => by,
    said: 'The case is yours now. An open appeal made with the other key is void.',
  });

export const appeal: Act = (creator, fields) => {
  const { ground = '', language = '' } = fields;
  const words = wordsOf(fields['words']);
  const news = wordsOf(fields['news']);
  const more = {
    ...(news === '' ? {} : { news }),
    ...(fields['reopen'] === 'yes' ? { reopen: true as const } : {}),
  };
  return actOn(creator, fields, {
    op: 'case.appeal',
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one of them, or an error is shown instead
    input: (by) => ({ ...by, ground: ground as AppealGround, words, language, ...more }),
    errors: {
      ground: isGround(ground) ? '' : 'Choose what is wrong with the record.',
      words: errorOfWords(words),
      news: fields['news'] === undefined ? '' : errorOfWords(news),
      language: isOfferedLanguage(language) ? '' : 'Choose a language.',
    },
    said: 'Your appeal was received. Download the receipt below; it proves when you appealed.',
  });
};

export const addInformation: Act = (creator, fields) => {
  const text = wordsOf(fields['text']);
  return actOn(creator, fields, {
    op: 'case.addInformation',
    input: (by) => ({ ...by, text }),
    errors: { text: errorOfWords(text) },
    said: 'It was added to your appeal.',
  });
};

/** @param question from the path, as it came */
export const answer =
  (question: string): Act =>
  (creator, fields) => {
    const text = wordsOf(fields['text']);
    return actOn(creator, fields, {
      op: 'case.addInformation',
      input: (by) => ({ ...by, text, question: question as `qst_${string}` }),
      errors: { text: errorOfWords(text) },
      said: 'Your answer was sent to the reviewer.',
    });
  };

export const withdraw: Act = (creator, fields) =>
  actOn(creator, fields, {
    op: 'case.withdrawAppeal',
    input: (by) => by,
    said: 'The appeal will be withdrawn in 72 hours. Until then you can keep it.',
  });

export const keep: Act = (creator, fields) =>
  actOn(creator, fields, {
    op: 'case.withdrawAppeal',
    input: (by) => ({ ...by, keep: true }),
    said: 'The appeal goes on.',
  });

interface CaseAct<N extends CaseOpName> {
  readonly op: N;
  readonly input: (by: { jti: string; key: string }) => CaseInput<N>;
  /** By field; empty where nothing is wrong */
  readonly errors?: Readonly<Record<string, string>>;
  /** What is wrong, by field, when the registry finds what was typed to be wrong */
  readonly refused?: Readonly<Record<string, string>>;
  readonly said: string;
}

/** Does one thing on a case and shows the case after it; what was typed wrongly is shown again, next to what is wrong. */
export async function actOn<N extends CaseOpName>(
  creator: Creator,
  fields: Fields,
  act: CaseAct<N>,
): Promise<Response> {
  const { jti = '', key = '' } = fields;
  const again = (errors: Readonly<Record<string, string>>): Promise<Response> => {
    const { path: action } = creator.c.req;
    return showCase(creator, key, { refused: { action, values: fields, errors } });
  };
  const errors = Object.fromEntries(Object.entries(act.errors ?? {}).filter(([, text]) => text));
  if (Object.keys(errors).length > 0) return again(errors);
  const done = await creator.act(act.op, act.input({ jti, key }));
  if (done.ok) return showCase(creator, key, { said: act.said });
  const isTyped = done.problem.code === 'invalid-input' || done.problem.code === 'not-found';
  // A key that opens nothing is found out by showing the case.
  return isTyped && act.refused ? again(act.refused) : creator.trouble(done.problem, key);
}

/** Browsers end lines with CR LF; marks that turn or hide text are left out. */
export const wordsOf = (text = ''): string =>
  text
    .replaceAll('\r\n', '\n')
    .replaceAll(/[^\P{Cc}\n\t]|\p{Bidi_Control}/gu, '')
    .trim();

export function errorOfWords(text: string): string {
  if (text === '') return 'Write something first.';
  return text.length > maxWords ? `That is too long: at most ${maxWords} characters.` : '';
}

const isGround = (ground: string): ground is AppealGround =>
  appealGrounds.some((known) => known === ground);
