import { html } from 'hono/html';
import { isOneAddress } from '../../config/proof-settings.ts';
import { say, type Markup } from '../markup.ts';
import { accessSection } from './access-section.ts';
import { appealForm, joinForm } from './appeal-forms.ts';
import { appealsSection } from './appeals-section.ts';
import { partsMenu } from './case-parts.ts';
import { claimSection, keySection, receiptSection } from './claimant-sections.ts';
import { contactOffer, contactSection, isOfferedFirst } from './contact-section.ts';
import { dataSection } from './data-section.ts';
import { endLine } from './end-line.ts';
import { erasureSection } from './erasure-section.ts';
import { errorSummary } from './forms.ts';
import { inspectionsSection } from './inspections-section.ts';
import { creatorPage } from './languages.ts';
import { numberSection } from './number-section.ts';
import { panelSection } from './panel-section.ts';
import { recordSection } from './record-section.ts';
import {
  mayAppeal,
  mayJoin,
  mayReopen,
  mustSay,
  openAppealOf,
  type CasePart,
  type ShownCase,
} from './shown-case.ts';
import { summary } from './summary.ts';
import { timelineSection, toldSection } from './told-section.ts';

/** One page of a case: one thing, what came of the last step, and the menu of the others. */
export function casePage(shown: ShownCase): Markup {
  const { said, texts, secret, part } = shown;
  return creatorPage(shown, {
    title: titleOf(shown),
    caption: texts.say('page.case.title'),
    switch: { secret, part },
    leaves: true,
    body: html`${errorSummary(shown)}
    ${said ? html`<p class="note good" role="status">${said}</p>` : ''} ${bodies[part](shown)}`,
    menu: partsMenu(shown),
    scripts: part === 'appeal' && takesFile(shown) ? ['/photo.js'] : [],
    first: endLine(shown),
  });
}

const takesFile = (shown: ShownCase): boolean => {
  const appeal = openAppealOf(shown);
  return appeal?.joined === true && appeal.filesLeft > 0;
};

function titleOf({ view, texts, part }: ShownCase): string {
  if (part !== 'record') return texts.say(`page.part.${part}`);
  const platform = view.submitter.name;
  if (!view.facts.reason) return texts.say('page.case.heading.hidden', { platform });
  const { title: reason } = texts.reason(view.facts.reason);
  return texts.say('page.case.heading', { platform, reason });
}

const bodies: Readonly<Record<CasePart, (shown: ShownCase) => Markup>> = {
  record: (shown) =>
    html`${summary(shown)} ${recordSection(shown)} ${inspectionsSection(shown)}
    ${panelSection(shown)} ${timelineSection(shown)} ${contacts(shown)} ${elsewhere(shown)}
    ${dataSection(shown)}`,
  appeal: (shown) =>
    html`${isOfferedFirst(shown) ? contactOffer(shown) : ''} ${appealsSection(shown)}
    ${isOfferedFirst(shown) ? '' : contactOffer(shown)}
    ${mayJoin(shown) && !openAppealOf(shown)?.joined ? joinForm(shown) : ''}
    ${mayAppeal(shown) || mayReopen(shown) ? appealForm(shown) : ''}
    ${mustSay(shown) ? numberSection(shown) : claimSection(shown)} ${receiptSection(shown)}`,
  told: (shown) => html`${toldSection(shown)} ${claimSection(shown)}`,
  access: (shown) =>
    html`${claimSection(shown)} ${contactSection(shown)} ${accessSection(shown)}
    ${keySection(shown)} ${erasureSection(shown)}`,
};

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

const elsewhere = ({ texts }: ShownCase): Markup =>
  html`<h2>${texts.say('page.elsewhere.title')}</h2>
    <ul>
      ${(['body', 'authority', 'court', 'help'] as const).map(
        (where) => html`<li>${texts.say(`page.elsewhere.${where}`)}</li>`,
      )}
    </ul>`;

/** Chosen by the platform: a link only where it is a plain address of mail. */
const address = (contact: string): Markup =>
  isOneAddress(contact)
    ? html`<a href="mailto:${encodeURI(contact)}">${contact}</a>`
    : html`<code>${contact}</code>`;
