import type { CaseView } from '@recourse/protocol';
import { html } from 'hono/html';
import { deadline, say, time, type Markup } from '../markup.ts';
import { causeText } from './causes.ts';
import type { ShownCase } from './shown-case.ts';

/** What is recorded, by whom, why and when, and what it does and does not mean. */
export function recordSection(shown: ShownCase): Markup {
  const { view, texts } = shown;
  return html`${standing(shown)}
    <p><a href="#steps">${texts.say('page.steps.title')}</a></p>
    <h2>${texts.say('page.case.recorded')}</h2>
    ${factsList(shown, view.facts)}
    <h2>${texts.say('page.case.means')}</h2>
    <ul>
      <li>${texts.say('page.case.means.decide')}</li>
      <li>${texts.say('page.case.means.search')}</li>
      <li>${texts.say('page.case.means.word')}</li>
    </ul>`;
}

function standing(shown: ShownCase): Markup {
  const { view, texts } = shown;
  const state = texts.say(`state.${view.state}.title`);
  const causes = view.suspendedFor.map((cause) => causeText(texts, cause));
  return html`<p class="note">
    <strong>${view.disputed ? texts.say('page.case.disputed', { state }) : state}.</strong>
    ${texts.say(`state.${view.state}.meaning`)}
    ${
      view.state === 'held' && view.visibleFrom
        ? say(texts, 'page.case.begins', { at: deadline(view.visibleFrom, shown) })
        : ''
    }
    ${causes.length > 0 ? texts.say('page.case.paused', { causes: texts.list(causes) }) : ''}
    ${view.echoReview && !view.endedAt ? derivedNote(shown, view.echoReview) : ''}
    ${
      view.endedAt
        ? ended(texts, { at: view.endedAt, cause: view.endCause })
        : say(texts, 'page.case.ends', { at: deadline(view.expiresAt, shown) })
    }
  </p>`;
}

/** It was made after its platform was told of another record, which did not stand. */
const derivedNote = (
  shown: ShownCase,
  { confirmedAt, dueAt, endsAt }: NonNullable<CaseView['echoReview']>,
): Markup => {
  const { texts } = shown;
  return confirmedAt === undefined
    ? say(texts, 'page.case.derived', {
        due: deadline(dueAt, shown),
        ends: deadline(endsAt, shown),
      })
    : say(texts, 'page.case.derivedConfirmed', { at: time(confirmedAt, texts) });
};

function ended(
  texts: ShownCase['texts'],
  { at, cause }: { at: string; cause: string | undefined },
): Markup {
  const when = { at: time(at, texts) };
  return cause === undefined
    ? say(texts, 'page.case.ended', when)
    : say(texts, 'page.case.endedBecause', { ...when, cause: causeText(texts, cause) });
}

function factsList(shown: ShownCase, facts: CaseView['facts']): Markup {
  const { view, texts } = shown;
  const { title, meaning } = texts.reason(facts.reason);
  const [from, to] = [facts.incidentFrom, facts.incidentTo].map((at) => time(at, texts));
  return html`<dl>
    ${by(shown)}
    <dt>${texts.say('page.case.why')}</dt>
    <dd><strong>${title}.</strong> ${meaning}</dd>
    <dt>${texts.say('page.case.incident')}</dt>
    <dd>${say(texts, 'page.case.fromTo', { from: from ?? '', to: to ?? '' })}</dd>
    <dt>${texts.say('page.case.did')}</dt>
    <dd>
      ${say(texts, 'page.case.didDecided', {
        action: texts.say(`action.${facts.action}`),
        at: time(view.decidedAt, texts),
      })}
    </dd>
    ${erasable(texts, facts)}
    <dt>${texts.say('page.case.evidence')}</dt>
    <dd>
      <ul>
        ${facts.evidence.map((name) => html`<li>${texts.evidence(name)}</li>`)}
      </ul>
    </dd>
    ${
      facts.policy
        ? html`<dt>${texts.say('page.case.policy')}</dt>
            <dd><code>${facts.policy}</code></dd>`
        : ''
    }
  </dl>`;
}

/** What is gone is left out. */
const erasable = (texts: ShownCase['texts'], { account, subjects }: CaseView['facts']): Markup =>
  html`${
    account === ''
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
        at: time(submittedAt, texts),
      })}
    </dd>`;
