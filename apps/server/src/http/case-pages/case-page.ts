import { html } from 'hono/html';
import { isOneAddress } from '../../proofs/settings.ts';
import type { Markup } from '../markup.ts';
import { page } from '../page.ts';
import { appealForm } from './appeal-forms.ts';
import { appealsSection } from './appeals-section.ts';
import { claimSection, contestSection, keySection, papersSection } from './holder-sections.ts';
import { erasureSection } from './erasure-section.ts';
import { errorSummary } from './forms.ts';
import { recordSection } from './record-section.ts';
import { mayAppeal, mayContest, mayReopen, openAppealOf, type ShownCase } from './shown-case.ts';
import { timelineSection, toldSection } from './told-section.ts';

/** Everything about one case, and everything its creator can do next. */
export function casePage(shown: ShownCase): Markup {
  const { said } = shown;
  return page(
    'Your case – Recourse',
    html`<h1>Your case</h1>
      ${errorSummary(shown)} ${said ? html`<p class="note good" role="status">${said}</p>` : ''}
      ${recordSection(shown)} ${nextSteps(shown)} ${appealsSection(shown)} ${claimSection(shown)}
      ${contestSection(shown)} ${mayAppeal(shown) || mayReopen(shown) ? appealForm(shown) : ''}
      ${toldSection(shown)} ${timelineSection(shown)} ${papersSection(shown)} ${keySection(shown)}
      ${erasureSection(shown)} ${contacts(shown)}`,
    { script: true },
  );
}

function nextSteps(shown: ShownCase): Markup {
  const { view } = shown;
  const steps = [
    ...(view.access === 'code' ? ['Claim the case below. Only then can you appeal.'] : []),
    ...(mayContest(shown) ? ['Somebody has claimed it. If that was not you, take it below.'] : []),
    ...(mayAppeal(shown) ? ['Appeal, if anything in the record is wrong.'] : []),
    ...(openAppealOf(shown)?.questions.some(({ answer }) => answer === undefined)
      ? ['A reviewer asked you something. Answer it below.']
      : []),
    ...(openAppealOf(shown) ? ['Your appeal is open. Come back here for questions and news.'] : []),
    `Write to ${view.submitter.name}, whose contacts are at the end of this page.`,
  ];
  return html`<h2>What you can do</h2>
    <ul>
      ${steps.map((step) => html`<li>${step}</li>`)}
    </ul>`;
}

const contacts = ({ view }: ShownCase): Markup =>
  html`<h2>Contacts</h2>
    <dl>
      <dt>Complaints to ${view.submitter.name}</dt>
      <dd>${address(view.submitter.complaints)}</dd>
      <dt>Its data protection contact</dt>
      <dd>${address(view.submitter.dataProtection)}</dd>
      <dt>Number of this case, which opens nothing and may be quoted</dt>
      <dd><code>${view.sanction}</code></dd>
    </dl>`;

/** Chosen by the platform: a link only where it is a plain address of mail. */
const address = (contact: string): Markup =>
  isOneAddress(contact)
    ? html`<a href="mailto:${encodeURI(contact)}">${contact}</a>`
    : html`<code>${contact}</code>`;
