import type { CaseView } from '@recourse/protocol';
import { html } from 'hono/html';
import type { Markup } from '../markup.ts';
import { form, newKeyField } from './forms.ts';
import { acts, type ShownCase } from './shown-case.ts';

/** By a code: a key of one's own, which acts. */
export function claimSection(shown: ShownCase): Markup {
  const { view, secret, texts } = shown;
  if (view.access !== 'code') return html``;
  return html`<h2 id="claim">${texts.say('page.claim.title')}</h2>
    <p>${texts.say('page.claim.more')}</p>
    ${form(shown, {
      action: '/case/claim',
      hidden: { code: secret },
      fields: newKeyField(shown),
      submit: texts.say('page.claim.title'),
      enters: true,
    })}`;
}

/** Receipt of an appeal, and the letter once a record was found to be wrong. */
export function papersSection(shown: ShownCase): Markup {
  const { view, secret, texts } = shown;
  if (view.access === 'code') return html``;
  const download = (action: string, submit: string): Markup =>
    form(shown, { action, hidden: { key: secret }, submit, isQuiet: true });
  return html`<h2 id="papers">${texts.say('page.papers.title')}</h2>
    ${
      hasLetter(view)
        ? html`<p>${texts.say('page.papers.letter')}</p>
            ${download('/case/letter', texts.say('page.papers.letter.submit'))}`
        : ''
    }
    <p>${texts.say('page.papers.receipt')}</p>
    ${download('/case/receipt', texts.say('page.papers.receipt.submit'))}`;
}

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
