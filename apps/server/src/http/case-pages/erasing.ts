import { isWrittenLanguage } from '@recourse/protocol';
import { newJti } from '../../case-secret.ts';
import { errorOfWords, wordsOf } from './acts.ts';
import type { Fields } from './creator-forms.ts';
import type { Creator } from './creator.ts';
import { erasedPage, erasurePage } from './erasure-section.ts';
import { showCase } from './show-case.ts';

/** The step before: what cannot be had afterwards is offered first. */
export async function erasing(creator: Creator, fields: Fields): Promise<Response> {
  const { key = '' } = fields;
  return confirm(creator, { key });
}

export async function erase(creator: Creator, fields: Fields): Promise<Response> {
  const { texts } = creator.drawing;
  const { jti = '', key = '' } = fields;
  const isObjection = fields['ground'] === 'objection';
  const { language = '' } = fields;
  const words = wordsOf(fields['words']);
  const error = isObjection ? errorOfWords(texts, words) : '';
  if (error !== '') return confirm(creator, { key, refused: { words: error }, fields });
  const asked = await creator.act('case.requestErasure', {
    jti,
    key,
    ground: isObjection ? 'objection' : 'erasure',
    ...(isObjection ? { words, language: isWrittenLanguage(language) ? language : 'en' } : {}),
  });
  if (!asked.ok) return creator.trouble(asked.problem, key);
  if (asked.result.state === 'due') return creator.page(erasedPage(creator.drawing));
  return showCase(creator, key, { said: texts.say('page.said.erasing') });
}

async function confirm(
  creator: Creator,
  of: { key: string; refused?: Readonly<Record<string, string>>; fields?: Fields },
): Promise<Response> {
  const { key, refused: errors, fields: values = {} } = of;
  const { drawing } = creator;
  const opened = await creator.act('case.open', { jti: newJti(drawing.random), code: key });
  if (!opened.ok) return creator.trouble(opened.problem);
  const refused = errors ? { refused: { action: '/case/erase', values, errors } } : {};
  const shown = erasurePage({ ...drawing, ...refused }, { view: opened.result.case, key });
  return creator.page(shown, errors ? 422 : 200);
}
