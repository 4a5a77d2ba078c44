import type { CaseView } from '@recourse/protocol';
import { html } from 'hono/html';
import { day, say, type Markup } from '../markup.ts';
import type { ShownCase } from './shown-case.ts';

/** Shows the record: by whom, why and when, and what it does and does not mean. */
export function recordSection(shown: ShownCase): Markup {
  const { view, texts } = shown;
  return html`<h2>${texts.say('page.case.recorded')}</h2>
    ${factsList(shown, view.facts)}
    <h2>${texts.say('page.case.means')}</h2>
    <ul>
      <li>${texts.say('page.case.means.decide')}</li>
      <li>${texts.say('page.case.means.search')}</li>
      <li>${texts.say('page.case.means.word')}</li>
    </ul>`;
}

function factsList(shown: ShownCase, facts: CaseView['facts']): Markup {
  const { view, texts } = shown;
  return html`<dl>
    ${by(shown)}
    <dt>${texts.say('page.case.did')}</dt>
    <dd>
      ${say(texts, 'page.case.didDecided', {
        action: texts.say(`action.${facts.action}`),
        at: day(view.decidedAt, texts),
      })}
    </dd>
    ${erasable(texts, facts)}
    ${
      facts.evidence
        ? html`<dt>${texts.say('page.case.evidence')}</dt>
            <dd>
              <ul>
                ${facts.evidence.map((name) => html`<li>${texts.evidence(name)}</li>`)}
              </ul>
            </dd>`
        : ''
    }
    ${
      facts.policy
        ? html`<dt>${texts.say('page.case.policy')}</dt>
            <dd><code>${facts.policy}</code></dd>`
        : ''
    }
  </dl>`;
}

/** Lists what can be erased; what is gone, or hidden, is left out. */
const erasable = (texts: ShownCase['texts'], { account, subjects }: CaseView['facts']): Markup =>
  html`${
    !account
      ? ''
      : html`<dt>${texts.say('page.case.says')}</dt>
          <dd class="quote" dir="auto">${account}</dd>`
  }
  ${
    subjects.length === 0
      ? ''
      : html`<dt>${texts.say('page.case.foundBy')}</dt>
          <dd>
            ${texts.say('page.case.foundBy.kinds', {
              kinds: texts.list(subjects.map((kind) => texts.say(`kind.${kind}`))),
            })}
          </dd>`
  }`;

const by = ({ view: { submitter, submittedAt }, texts }: ShownCase): Markup =>
  html`<dt>${texts.say('page.case.by')}</dt>
    <dd>
      ${say(texts, 'page.case.byWhom', {
        platform: html`<bdi>${submitter.name}</bdi>`,
        domain: html`<code>${submitter.domain}</code>`,
        at: day(submittedAt, texts),
      })}
    </dd>`;
