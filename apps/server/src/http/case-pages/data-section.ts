import { html } from 'hono/html';
import { linkTo, say, type Markup } from '../markup.ts';
import type { ShownCase } from './shown-case.ts';

/**
 * Tells what GDPR, article 14, has a person told, as in the message of the registry: who, what for, on which basis, for
 * how long.
 */
export function dataSection({ view, texts, origin, to }: ShownCase): Markup {
  const { name, domain, dataProtection, legalBasis } = view.submitter;
  const plain = ['stored', 'sources', 'recipients', 'kept', 'rights'] as const;
  return html`<details id="data">
    <summary>${texts.say('notice.data.heading')}</summary>
    <ul>
      <li>
        ${say(texts, 'notice.data.controller', {
          platform: html`<bdi>${name}</bdi>`,
          domain: html`<bdi>${domain}</bdi>`,
          dataProtection: html`<bdi>${dataProtection}</bdi>`,
          registry: html`<bdi>${new URL(origin).host}</bdi>`,
          directory: html`<a href="/parties">/parties</a>`,
        })}
      </li>
      <li>${say(texts, 'page.data.operator', { a: linkTo(to('/governance')) })}</li>
      <li>${texts.say('notice.data.purpose')}</li>
      <li>
        ${texts.say('notice.data.basis', {
          basis: legalBasis,
          law: legalBasis === 'national-law' ? 'national' : 'authorised',
        })}
      </li>
      ${plain.map((key) => html`<li>${texts.say(`notice.data.${key}`)}</li>`)}
    </ul>
  </details>`;
}
