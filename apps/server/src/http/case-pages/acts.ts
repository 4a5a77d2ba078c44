import {
  appealGrounds,
  isWrittenLanguage,
  maxWords,
  type AppealGround,
  type CaseInput,
  type CaseOpName,
} from '@recourse/protocol';
import type { MessageKey, Texts } from '@recourse/texts';
import { partIn } from './case-parts.ts';
import type { Fields } from './creator-forms.ts';
import type { Creator } from './creator.ts';
import { enteredWith, signedIn } from './signing.ts';
import { goToKey } from './key-page.ts';
import { goToCase, showCase } from './show-case.ts';

type Act = (creator: Creator, fields: Fields) => Promise<Response>;

export const claim: Act = async (creator, fields) => {
  const { jti = '', code = '', newKey = '' } = fields;
  const claimed = await creator.act('case.claim', { jti, code, newKey, ...enteredWith(fields) });
  if (!claimed.ok) return creator.trouble(claimed.problem, code);
  return goToKey(creator, newKey, 'claimed');
};

export const rotate: Act = async (creator, fields) => {
  const { jti = '', key = '', newKey = '' } = fields;
  const rotated = await creator.act('case.rotate', { jti, key, newKey });
  if (!rotated.ok) return creator.trouble(rotated.problem, key);
  return goToKey(creator, newKey, 'replaced');
};

export const appeal: Act = (creator, fields) => {
  const { texts } = creator.drawing;
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
      ground: isGround(ground) ? '' : texts.say('page.error.ground'),
      words: errorOfWords(texts, words),
      news: fields['news'] === undefined ? '' : errorOfWords(texts, news),
      language: isWrittenLanguage(language) ? '' : texts.say('page.error.language'),
    },
    said: 'page.said.appealed',
  });
};

export const join: Act = (creator, fields) => {
  const { texts } = creator.drawing;
  const { ground = '' } = fields;
  const words = wordsOf(fields['words']);
  return actOn(creator, fields, {
    op: 'case.join',
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one of them, or an error is shown instead
    input: (by) => ({ ...by, ground: ground as AppealGround, words }),
    errors: {
      ground: isGround(ground) ? '' : texts.say('page.error.ground'),
      words: errorOfWords(texts, words),
    },
    said: 'page.said.joined',
  });
};

export const numberSince: Act = (creator, fields) => {
  const { texts, now } = creator.drawing;
  const { since = '' } = fields;
  const day = /^\d{4}-\d{2}-\d{2}$/.test(since) ? Date.parse(`${since}T00:00:00Z`) : Number.NaN;
  return actOn(creator, fields, {
    op: 'case.numberSince',
    input: (by) => ({ ...by, since }),
    errors: { since: day <= now.getTime() ? '' : texts.say('page.error.day') },
    refused: { since: texts.say('page.error.day') },
    said: 'page.said.numberSince',
  });
};

export const addInformation: Act = (creator, fields) => {
  const text = wordsOf(fields['text']);
  return actOn(creator, fields, {
    op: 'case.addInformation',
    input: (by) => ({ ...by, text }),
    errors: { text: errorOfWords(creator.drawing.texts, text) },
    said: 'page.said.added',
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
      errors: { text: errorOfWords(creator.drawing.texts, text) },
      said: 'page.said.answered',
    });
  };

export const withdraw: Act = (creator, fields) =>
  actOn(creator, fields, {
    op: 'case.withdrawAppeal',
    input: (by) => ({ ...by, ...signedIn(fields) }),
    said: fields['act'] ? 'page.said.withdrawing' : 'page.said.withdrawing.unsigned',
  });

export const keep: Act = (creator, fields) =>
  actOn(creator, fields, {
    op: 'case.withdrawAppeal',
    input: (by) => ({ ...by, keep: true }),
    said: 'page.said.kept',
  });

export const keepErasure: Act = (creator, fields) =>
  actOn(creator, fields, {
    op: 'case.requestErasure',
    input: (by) => ({ ...by, keep: true }),
    said: 'page.said.erasureKept',
  });

interface CaseAct<N extends CaseOpName> {
  readonly op: N;
  readonly input: (by: { jti: string; key: string }) => CaseInput<N>;
  /** Errors by field; empty where nothing is wrong */
  readonly errors?: Readonly<Record<string, string>>;
  /** Errors by field, when the registry finds what was typed to be wrong */
  readonly refused?: Readonly<Record<string, string>>;
  readonly said: MessageKey;
  /** Follows in the place of showing the case */
  readonly next?: () => Promise<Response>;
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
    return showCase(creator, key, {
      ...partIn(fields),
      refused: { action, values: fields, errors },
    });
  };
  const errors = Object.fromEntries(Object.entries(act.errors ?? {}).filter(([, text]) => text));
  if (Object.keys(errors).length > 0) return again(errors);
  const done = await creator.act(act.op, act.input({ jti, key }));
  if (done.ok && act.next) return act.next();
  if (done.ok) return goToCase(creator, key, { ...partIn(fields), said: act.said });
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

export function errorOfWords(texts: Texts, text: string): string {
  if (text === '') return texts.say('page.error.noWords');
  return text.length > maxWords ? texts.say('page.error.tooLong', { most: maxWords }) : '';
}

const isGround = (ground: string): ground is AppealGround =>
  appealGrounds.some((known) => known === ground);
