import { languageNames, maxWords, type CaseView } from '@recourse/protocol';
import type { MessageKey } from '@recourse/texts';
import { html } from 'hono/html';
import { deadline, say, day, type Markup } from '../markup.ts';
import { errorSummary, form, selectField, textArea, type Drawing } from './forms.ts';
import { hasLetter } from './claimant-sections.ts';
import { creatorPage } from './languages.ts';
import { isInPerson, mayAppeal, signing, type ShownCase } from './shown-case.ts';

/** Shows what can be had erased, what was asked for and by whom, and what was erased. */
export function erasureSection(shown: ShownCase): Markup {
  const { view, texts } = shown;
  const { erasures, textsErasedAt } = view;
  const erased = textsErasedAt
    ? html`<p>${say(texts, 'page.erasure.texts', { at: day(textsErasedAt, texts) })}</p>`
    : html``;
  const asked = erasures.map((erasure) => askedLine(shown, erasure));
  if (!isInPerson(shown)) return html`${erased} ${asked}`;
  const isAsked = erasures.some(({ own }) => own);
  const title = html`<h2 id="erasure">${texts.say('page.erasure.title')}</h2>`;
  if (isAsked) return html`${title} ${erased} ${asked} ${keepForm(shown)}`;
  // An objection is an appeal: there is one at a time.
  if (wayOf(view) === 'object' && !mayAppeal(shown)) return html``;
  return html`${title} ${erased} ${asked} ${erasureForm(shown)}`;
}

function askedLine(shown: ShownCase, erasure: CaseView['erasures'][number]): Markup {
  const { texts } = shown;
  const asked = say(texts, erasure.own ? 'page.erasure.asked' : 'page.erasure.askedByOther', {
    at: day(erasure.requestedAt, texts),
    due: deadline(erasure.notBefore, shown),
  });
  return html`<p class="note">
    ${asked} ${erasure.signed ? '' : texts.say('page.erasure.unsigned')}
  </p>`;
}

const keepForm = (shown: ShownCase): Markup =>
  form(shown, {
    action: '/case/erasure/keep',
    hidden: { key: shown.secret },
    submit: shown.texts.say('page.erasure.keep'),
    isQuiet: true,
  });

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
    leaves: true,
    body: html`${errorSummary(drawing)}
      <p class="note">
        ${texts.say(way === 'erase' ? 'page.erasure.before' : 'page.erasure.object.may')}
      </p>
      ${hasLetter(view) ? quiet('/case/letter', 'page.papers.letter.submit', { key, as: 'file' }) : ''}
      ${quiet('/case/receipt', 'page.papers.receipt.submit', { key })}
      <h2>${texts.say('page.erasure.then')}</h2>
      ${form(drawing, {
        action: '/case/erase',
        hidden: { key },
        ...(way === 'erase' ? signing({ view }, 'request-erasure') : {}),
        fields: way === 'object' ? objection(drawing) : [],
        submit: title,
        isTyped: way === 'object',
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
