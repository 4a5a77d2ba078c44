import { languageNames, maxWords, type CaseView } from '@recourse/protocol';
import type { MessageKey } from '@recourse/texts';
import { html } from 'hono/html';
import { deadline, say, time, type Markup } from '../markup.ts';
import { errorSummary, form, selectField, textArea, type Drawing } from './forms.ts';
import { hasLetter } from './claimant-sections.ts';
import { creatorPage } from './languages.ts';
import { isInPerson, type ShownCase } from './shown-case.ts';

/** What can be had erased, and what was. */
export function erasureSection(shown: ShownCase): Markup {
  const { view, texts } = shown;
  const { erasure, textsErasedAt } = view;
  const erased = textsErasedAt
    ? html`<p>${say(texts, 'page.erasure.texts', { at: time(textsErasedAt, texts) })}</p>`
    : html``;
  if (!isInPerson(shown)) return erased;
  return html`<h2>${texts.say('page.erasure.title')}</h2>
    ${erased}
    ${
      erasure
        ? html`<p>
            ${say(texts, 'page.erasure.asked', { at: time(erasure.requestedAt, texts) })}
            ${say(texts, 'page.erasure.notBefore', { at: deadline(erasure.notBefore, shown) })}
          </p>`
        : erasureForm(shown)
    }`;
}

function erasureForm(shown: ShownCase): Markup {
  const { view, secret, texts } = shown;
  const way = wayOf(view);
  return html`<p>${texts.say(`page.erasure.${way}.may`)}</p>
    ${form(shown, {
      action: '/case/erasing',
      hidden: { key: secret },
      submit: texts.say(`page.erasure.${way}.begin`),
      isQuiet: true,
    })}`;
}

/** Before it is done: the papers, which cannot be had afterwards. */
export function erasurePage(
  drawing: Drawing,
  { view, key }: { view: CaseView; key: string },
): Markup {
  const { texts } = drawing;
  const way = wayOf(view);
  const title = texts.say(`page.erasure.${way}`);
  const quiet = (action: string, submit: MessageKey, hidden: Record<string, string>): Markup =>
    form(drawing, { action, hidden, submit: texts.say(submit), isQuiet: true });
  return creatorPage(drawing, {
    title,
    switch: { secret: key },
    body: html`${errorSummary(drawing)}
      <p class="note">${texts.say('page.erasure.before')}</p>
      ${hasLetter(view) ? quiet('/case/letter', 'page.papers.letter.submit', { key }) : ''}
      ${quiet('/case/receipt', 'page.papers.receipt.submit', { key })}
      <h2>${texts.say('page.erasure.then')}</h2>
      ${form(drawing, {
        action: '/case/erase',
        hidden: { key, ground: way === 'object' ? 'objection' : 'erasure' },
        fields: way === 'object' ? objection(drawing) : [],
        submit: title,
      })}
      ${quiet('/case', 'trouble.back', { code: key })}`,
  });
}

/** Decided as an appeal is, so it says in which language its words are. */
function objection(drawing: Drawing): Markup[] {
  const { texts } = drawing;
  const action = '/case/erase';
  return [
    textArea(drawing, {
      action,
      name: 'words',
      label: texts.say('page.erasure.words'),
      most: maxWords,
    }),
    selectField(drawing, {
      action,
      name: 'language',
      label: texts.say('page.appeal.language'),
      value: texts.language,
      choices: languageNames,
    }),
  ];
}

/** An ended record can be erased; to a live one a claimant can object. */
const wayOf = ({ endedAt }: CaseView): 'erase' | 'object' =>
  endedAt === undefined ? 'object' : 'erase';

/** It opens no more, so there is nothing to show. */
export const erasedPage = (drawing: Drawing): Markup =>
  creatorPage(drawing, {
    title: drawing.texts.say('page.erased.title'),
    body: html`<p role="status" class="note good">${drawing.texts.say('page.erased.more')}</p>`,
  });
