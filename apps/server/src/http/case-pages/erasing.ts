import { isWrittenLanguage, type CaseInput } from '@recourse/protocol';
import type { MessageKey } from '@recourse/texts';
import { newJti } from '../../case-secret.ts';
import { errorOfWords, wordsOf } from './acts.ts';
import type { Fields } from './creator-forms.ts';
import type { Creator } from './creator.ts';
import { erasurePage } from './erasure-section.ts';
import type { Drawing } from './forms.ts';
import { signedIn } from './signing.ts';
import { goToCase } from './show-case.ts';

/** The step before: what cannot be had afterwards is offered first. */
export async function erasing(creator: Creator, fields: Fields): Promise<Response> {
  const { key = '' } = fields;
  return creator.goTo({ step: 'erasing', state: { secret: key } }, () => confirm(creator, { key }));
}

export async function erase(creator: Creator, fields: Fields): Promise<Response> {
  const { texts } = creator.drawing;
  const { jti = '', key = '', language = '' } = fields;
  const by = { jti, key, ...signedIn(fields) };
  if (fields['words'] === undefined) return ask(creator, by, 'page.said.erasing');
  const words = wordsOf(fields['words']);
  const error = errorOfWords(texts, words);
  if (error !== '') return confirm(creator, { key, refused: { words: error }, fields });
  const objection = { words, language: isWrittenLanguage(language) ? language : 'en' };
  return ask(creator, { ...by, ...objection }, 'page.said.appealed');
}

async function ask(
  creator: Creator,
  input: CaseInput<'case.requestErasure'>,
  message: MessageKey,
): Promise<Response> {
  const asked = await creator.act('case.requestErasure', input);
  if (!asked.ok) return creator.trouble(asked.problem, input.key);
  return goToCase(creator, input.key, { said: message });
}

export async function confirm(
  creator: Creator,
  form: {
    key: string;
    refused?: Readonly<Record<string, string>>;
    fields?: Fields;
    typed?: Drawing['typed'];
  },
): Promise<Response> {
  const { key, refused: errors, fields: values = {}, typed } = form;
  const { drawing } = creator;
  const opened = await creator.act('case.open', { jti: newJti(drawing.random), code: key });
  if (!opened.ok) return creator.trouble(opened.problem);
  const refused = errors ? { refused: { action: '/case/erase', values, errors } } : {};
  const kept = typed ? { typed } : {};
  const shown = erasurePage({ ...drawing, ...refused, ...kept }, { view: opened.result.case, key });
  return creator.page(shown, errors ? 422 : 200);
}
