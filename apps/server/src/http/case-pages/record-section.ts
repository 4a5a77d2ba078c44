import { evidenceClasses, reasons, type CaseView } from '@recourse/protocol';
import { html } from 'hono/html';
import { listed, time, type Markup } from '../markup.ts';
import { causeText } from './causes.ts';
import { form, textField } from './forms.ts';
import { mayAppeal, type ShownCase } from './shown-case.ts';
import { actionTexts, kindTexts, stateTexts } from './texts.ts';

/** What is recorded, by whom, why and when, and what it does and does not mean. */
export function recordSection(shown: ShownCase): Markup {
  const { view } = shown;
  return html`${standing(view)}
    <h2>What is recorded</h2>
    ${view.facts ? factsList(view, view.facts) : withoutFacts(shown)}
    <h2>What this means, and what it does not</h2>
    <ul>
      <li>
        A platform that is told must decide for itself. It may not refuse you on this record alone,
        and must tell you if it does refuse you after reading it.
      </li>
      <li>
        Nobody can search here by name. A platform is told only about an address, number or account
        that you yourself show it.
      </li>
      <li>This is no judgment of a court, and no score. It is the word of one platform.</li>
    </ul>`;
}

function standing(view: CaseView): Markup {
  const { title, meaning } = stateTexts[view.state];
  const causes = view.suspendedFor.map(causeText);
  return html`<p class="note">
    <strong>${title}${view.disputed ? ', and under appeal' : ''}.</strong> ${meaning}
    ${
      view.state === 'held' && view.visibleFrom
        ? html`Unless you appeal, this begins on ${time(view.visibleFrom)}.`
        : ''
    }
    ${causes.length > 0 ? html`It is paused because ${listed(causes)}.` : ''}
    ${view.echoReview && !view.endedAt ? echoNote(view.echoReview) : ''}
    ${view.endedAt ? html`It ended on ${time(view.endedAt)}${because(view.endCause)}.` : ''}
    ${view.endedAt ? '' : html`It ends by itself on ${time(view.expiresAt)}.`}
  </p>`;
}

/** It was made after its platform was told of another record, which did not stand. */
const echoNote = ({ confirmedAt, dueAt, endsAt }: NonNullable<CaseView['echoReview']>): Markup =>
  confirmedAt === undefined
    ? html`The platform made it after it was told of another record, and that one fell. Unless the
      platform confirms it with evidence of its own, it is paused from ${time(dueAt)} and ends on
      ${time(endsAt)}.`
    : html`The platform made it after it was told of another record, and that one fell. On
      ${time(confirmedAt)} the platform said that it has evidence of its own.`;

const because = (cause: string | undefined): string =>
  cause === undefined ? '' : `, because ${causeText(cause)}`;

function factsList(view: CaseView, facts: NonNullable<CaseView['facts']>): Markup {
  const { title, meaning } = reasons[facts.reason].texts.en;
  return html`<dl>
    ${by(view)}
    <dt>Why</dt>
    <dd><strong>${title}.</strong> ${meaning}</dd>
    <dt>When it is said to have happened</dt>
    <dd>${time(facts.incidentFrom)} to ${time(facts.incidentTo)}</dd>
    <dt>What the platform did</dt>
    <dd>It ${actionTexts[facts.action]}, decided on ${time(view.decidedAt)}</dd>
    <dt>What the platform says about it</dt>
    <dd class="quote" dir="auto">${facts.account}</dd>
    <dt>Other platforms find it by</dt>
    <dd>
      ${listed(facts.subjects.map((kind) => kindTexts[kind]))}, which you proved to be yours, the
      platform says
    </dd>
    <dt>Evidence the platform has committed to, and must show a reviewer if you appeal</dt>
    <dd>
      <ul>
        ${facts.evidence.map((name) => html`<li>${evidenceClasses[name].what}</li>`)}
      </ul>
    </dd>
    ${
      facts.policy
        ? html`<dt>Under its rules</dt>
            <dd><code>${facts.policy}</code></dd>`
        : ''
    }
  </dl>`;
}

const by = ({ submitter, submittedAt }: CaseView): Markup =>
  html`<dt>By</dt>
    <dd>
      ${submitter.name} (<code>${submitter.domain}</code>), recorded on ${time(submittedAt)}
    </dd>`;

/** By one identifier alone: somebody else may have it by now. */
function withoutFacts(shown: ShownCase): Markup {
  const { view, secret } = shown;
  const action = '/case/unlock';
  return html`<dl>
      ${by(view)}
      <dt>Decided</dt>
      <dd>${time(view.decidedAt)}</dd>
    </dl>
    <p>
      You found this case by one address or number, which may have had another owner before. So the
      reason and the facts are not shown yet. They are once you enter the code from the notice, or
      find the case by a second identifier of the same record.
      ${mayAppeal(shown) ? 'You can appeal without them.' : ''}
    </p>
    ${form(shown, {
      action,
      hidden: { key: secret },
      fields: textField(shown, { action, name: 'code', label: 'Code from the notice', most: 400 }),
      submit: 'Show the reason',
      isQuiet: true,
    })}`;
}
