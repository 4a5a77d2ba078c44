import { html } from 'hono/html';
import { isOneAddress } from '../../proofs/settings.ts';
import { deadline, say, type Markup } from '../markup.ts';
import { accessSection } from './access-section.ts';
import { appealForm, joinForm } from './appeal-forms.ts';
import { appealsSection } from './appeals-section.ts';
import { inspectionsSection } from './inspections-section.ts';
import { contactSection } from './contact-section.ts';
import { dataLink, dataSection } from './data-section.ts';
import { erasureSection } from './erasure-section.ts';
import { errorSummary } from './forms.ts';
import { panelSection } from './panel-section.ts';
import { claimSection, hasLetter, keySection, papersSection } from './claimant-sections.ts';
import { creatorPage } from './languages.ts';
import { recordSection } from './record-section.ts';
import { mayAppeal, mayJoin, mayReopen, openAppealOf, type ShownCase } from './shown-case.ts';
import { timelineSection, toldSection } from './told-section.ts';

/** Everything about one case, and everything its creator can do next. */
export function casePage(shown: ShownCase): Markup {
  const { said, texts, secret } = shown;
  return creatorPage(shown, {
    title: texts.say('page.case.title'),
    switch: { secret },
    body: html`${errorSummary(shown)}
    ${said ? html`<p class="note good" role="status">${said}</p>` : ''} ${dataLink(shown)}
    ${recordSection(shown)} ${nextSteps(shown)} ${appealsSection(shown)}
    ${inspectionsSection(shown)} ${claimSection(shown)}
    ${mayJoin(shown) && !openAppealOf(shown)?.joined ? joinForm(shown) : ''}
    ${mayAppeal(shown) || mayReopen(shown) ? appealForm(shown) : ''} ${toldSection(shown)}
    ${timelineSection(shown)} ${panelSection(shown)} ${papersSection(shown)}
    ${contactSection(shown)} ${accessSection(shown)} ${keySection(shown)} ${erasureSection(shown)}
    ${contacts(shown)} ${dataSection(shown)}`,
  });
}

/** Each leads to where it is done: on a phone that is some screens below. */
function nextSteps(shown: ShownCase): Markup {
  const { view, texts } = shown;
  const platform = html`<bdi>${view.submitter.name}</bdi>`;
  const steps = [
    ...(view.access === 'code' ? [claimStep(shown)] : []),
    ...(mayAppeal(shown) ? [step('#appeal', texts.say('page.steps.appeal'))] : []),
    ...(openAppealOf(shown)?.questions.some(({ answer }) => answer === undefined)
      ? [step('#appeals', texts.say('page.steps.answer'))]
      : []),
    ...(mayJoin(shown) && !openAppealOf(shown)?.joined
      ? [step('#join', texts.say('page.steps.join'))]
      : []),
    ...(openAppealOf(shown)?.joined ? [texts.say('page.steps.wait')] : []),
    ...(view.access !== 'code' && hasLetter(view)
      ? [step('#papers', texts.say('page.papers.letter.submit'))]
      : []),
    step('#contacts', say(texts, 'page.steps.write', { platform })),
  ];
  return html`<h2 id="steps">${texts.say('page.steps.title')}</h2>
    <ul>
      ${steps.map((step) => html`<li>${step}</li>`)}
    </ul>`;
}

const step = (to: string, text: string | Markup): Markup => html`<a href="${to}">${text}</a>`;

/** The time to appeal runs for whoever has no key yet, too. */
function claimStep(shown: ShownCase): Markup {
  const { texts, view } = shown;
  const { mayAppealUntil: until } = view;
  return html`${step('#claim', texts.say('page.steps.claim'))}
  ${until ? say(texts, 'page.appeal.until', { at: deadline(until, shown) }) : ''}`;
}

const contacts = ({ view, texts }: ShownCase): Markup =>
  html`<h2 id="contacts">${texts.say('page.contacts.title')}</h2>
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
