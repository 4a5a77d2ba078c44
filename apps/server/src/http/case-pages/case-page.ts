import { html } from 'hono/html';
import { isOneAddress } from '../../proofs/settings.ts';
import { say, type Markup } from '../markup.ts';
import { accessSection } from './access-section.ts';
import { appealForm } from './appeal-forms.ts';
import { appealsSection } from './appeals-section.ts';
import { auditsSection } from './audits-section.ts';
import { contactSection } from './contact-section.ts';
import { erasureSection } from './erasure-section.ts';
import { errorSummary } from './forms.ts';
import { claimSection, contestSection, keySection, papersSection } from './holder-sections.ts';
import { creatorPage } from './languages.ts';
import { recordSection } from './record-section.ts';
import { mayAppeal, mayContest, mayReopen, openAppealOf, type ShownCase } from './shown-case.ts';
import { timelineSection, toldSection } from './told-section.ts';

/** Everything about one case, and everything its creator can do next. */
export function casePage(shown: ShownCase): Markup {
  const { said, texts, secret } = shown;
  return creatorPage(shown, {
    title: texts.say('page.case.title'),
    switch: { secret },
    body: html`${errorSummary(shown)}
    ${said ? html`<p class="note good" role="status">${said}</p>` : ''} ${recordSection(shown)}
    ${nextSteps(shown)} ${appealsSection(shown)} ${auditsSection(shown)} ${claimSection(shown)}
    ${contestSection(shown)} ${mayAppeal(shown) || mayReopen(shown) ? appealForm(shown) : ''}
    ${toldSection(shown)} ${timelineSection(shown)} ${papersSection(shown)} ${contactSection(shown)}
    ${accessSection(shown)} ${keySection(shown)} ${erasureSection(shown)} ${contacts(shown)}`,
  });
}

function nextSteps(shown: ShownCase): Markup {
  const { view, texts } = shown;
  const steps = [
    ...(view.access === 'code' ? [texts.say('page.steps.claim')] : []),
    ...(mayContest(shown) ? [texts.say('page.steps.contest')] : []),
    ...(mayAppeal(shown) ? [texts.say('page.steps.appeal')] : []),
    ...(openAppealOf(shown)?.questions.some(({ answer }) => answer === undefined)
      ? [texts.say('page.steps.answer')]
      : []),
    ...(openAppealOf(shown) ? [texts.say('page.steps.wait')] : []),
    say(texts, 'page.steps.write', { platform: html`<bdi>${view.submitter.name}</bdi>` }),
  ];
  return html`<h2>${texts.say('page.steps.title')}</h2>
    <ul>
      ${steps.map((step) => html`<li>${step}</li>`)}
    </ul>`;
}

const contacts = ({ view, texts }: ShownCase): Markup =>
  html`<h2>${texts.say('page.contacts.title')}</h2>
    <dl>
      <dt>
        ${say(texts, 'page.contacts.complaints', {
          platform: html`<bdi>${view.submitter.name}</bdi>`,
        })}
      </dt>
      <dd>${address(view.submitter.complaints)}</dd>
      <dt>${texts.say('page.contacts.data')}</dt>
      <dd>${address(view.submitter.dataProtection)}</dd>
      <dt>${texts.say('page.contacts.number')}</dt>
      <dd><code>${view.sanction}</code></dd>
    </dl>`;

/** Chosen by the platform: a link only where it is a plain address of mail. */
const address = (contact: string): Markup =>
  isOneAddress(contact)
    ? html`<a href="mailto:${encodeURI(contact)}">${contact}</a>`
    : html`<code>${contact}</code>`;
