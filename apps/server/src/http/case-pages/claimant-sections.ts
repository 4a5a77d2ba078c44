import type { CaseView } from '@recourse/protocol';
import { html } from 'hono/html';
import type { Markup } from '../markup.ts';
import { form, newKeyField } from './forms.ts';
import { acts, type ShownCase } from './shown-case.ts';

/** Offers the reader of a code a key of their own, which acts. */
export function claimSection(shown: ShownCase): Markup {
  const { view, texts } = shown;
  if (view.access !== 'code') return html``;
  return html`<h2 id="claim">${texts.say('page.claim.title')}</h2>
    <p>${texts.say('page.claim.more')}</p>
    ${claimForm(shown)}`;
}

export const claimForm = (shown: ShownCase): Markup =>
  form(shown, {
    action: '/case/claim',
    hidden: { code: shown.secret },
    fields: newKeyField(shown),
    submit: shown.texts.say('page.claim.title'),
    enters: true,
  });

/** Offers the record of the case, to keep. */
export function receiptSection(shown: ShownCase): Markup {
  const { view, texts } = shown;
  if (view.access === 'code') return html``;
  return html`<h2 id="papers">${texts.say('page.papers.title')}</h2>
    <p>${texts.say('page.papers.receipt')}</p>
    ${form(shown, {
      action: '/case/receipt',
      hidden: { key: shown.secret },
      submit: texts.say('page.papers.receipt.submit'),
      isQuiet: true,
    })}`;
}

export const letterForm = (shown: ShownCase): Markup =>
  form(shown, {
    action: '/case/letter',
    hidden: { key: shown.secret },
    submit: shown.texts.say('page.papers.letter.show'),
  });

/** There is one once a record was withdrawn, reversed, or found to have been wrong. */
export const hasLetter = ({ state, appeals }: CaseView): boolean =>
  ['withdrawn', 'reversed', 'undecided'].includes(state) ||
  appeals.some(({ outcome }) => outcome === 'finding');

/** The own key can be replaced. */
export function keySection(shown: ShownCase): Markup {
  const { texts } = shown;
  if (!acts(shown)) return html``;
  return html`<h2>${texts.say('page.keySection.title')}</h2>
    <p>${texts.say('page.keySection.more')}</p>
    ${form(shown, {
      action: '/case/rotate',
      hidden: { key: shown.secret },
      fields: newKeyField(shown),
      submit: texts.say('page.keySection.submit'),
      isQuiet: true,
    })}`;
}
