import type { CaseView } from '@recourse/protocol';
import { html } from 'hono/html';
import { time, type Markup } from '../markup.ts';
import { causeText, eventText } from './causes.ts';
import type { ShownCase } from './shown-case.ts';
import { outcomeTexts, purposeTexts, recallActionTexts, recallTexts } from './texts.ts';
import { trustAnswerTexts, trustQuestionTexts } from './trust-texts.ts';

type Told = NonNullable<CaseView['told']>[number];

/** Who was told, by name, and what each of them did. */
export function toldSection({ view }: ShownCase): Markup {
  return html`<h2>Who was told</h2>
    ${view.told ? toldList(view.told) : html`<p>${whoSees(view)}</p>`}
    ${view.trustQuestions?.length ? askedList(view.trustQuestions) : ''}`;
}

const whoSees = ({ access }: CaseView): string =>
  access === 'code'
    ? 'Whoever claims this case sees which platforms were told, and what each of them did.'
    : 'Only whoever holds this case sees which platforms were told.';

const toldList = (told: readonly Told[]): Markup =>
  told.length === 0
    ? html`<p>No other platform was told of this record.</p>`
    : html`<ul>
        ${told.map(
          (one) =>
            html`<li>
              <strong>${one.name}</strong>, on ${time(one.toldAt)}, ${purposeTexts[one.purpose]}.
              ${one.outcome ? outcomeTexts[one.outcome] : 'It has not said yet what it did.'}
              ${one.recall ? recallLine(one.recall) : ''}
            </li>`,
        )}
      </ul>`;

function recallLine(recall: NonNullable<Told['recall']>): Markup {
  const asked = html`It was asked ${recallTexts[recall.kind]}`;
  if (recall.action) {
    return html`${asked}. ${recallActionTexts[recall.action]}
    ${recall.acknowledgedAt ? html`(${time(recall.acknowledgedAt)})` : ''}`;
  }
  return recall.overdue
    ? html`${asked}, and is <strong>late</strong>: it was due on ${time(recall.dueAt)}.`
    : html`${asked}, until ${time(recall.dueAt)}.`;
}

/** What platforms that were told asked the one that made the record. */
const askedList = (asked: NonNullable<CaseView['trustQuestions']>): Markup =>
  html`<h3>What they asked the platform that recorded it</h3>
    <ul>
      ${asked.map(
        (one) =>
          html`<li>
            <strong>${one.name}</strong> asked on ${time(one.askedAt)}:
            ${trustQuestionTexts[one.asks]}
            ${
              one.answer && one.answeredAt
                ? html`The answer, on ${time(one.answeredAt)}: ${trustAnswerTexts[one.answer]}.`
                : html`No answer yet; it ${one.overdue ? 'was' : 'is'} due on ${time(one.dueAt)}.`
            }
          </li>`,
      )}
    </ul>`;

/** Everything that happened, the oldest first. */
export const timelineSection = ({ view }: ShownCase): Markup =>
  html`<h2>What happened so far</h2>
    <ol>
      ${view.history.map(
        ({ at, event, cause }) =>
          html`<li>
            ${time(at)}: ${eventText(event)}
            ${cause ? html`<span class="soft">(${causeText(cause)})</span>` : ''}
          </li>`,
      )}
    </ol>`;
