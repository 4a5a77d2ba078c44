import {
  evidenceClasses,
  proofFloorText,
  reasonCodes,
  reasons,
  taxonomyVersion,
  type Reason,
  type ReasonCode,
} from '@recourse/protocol';
import { html } from 'hono/html';
import { listed } from '../texts-in.ts';
import type { Linking } from './choose-language.ts';
import type { Markup } from './markup.ts';
import { page } from './page.ts';

/** `/taxonomy`: every reason that a record can have, what it is and is not, and what proof it needs. */
export const taxonomyPage = (linking: Linking): Markup =>
  page(
    'What can be recorded – Recourse',
    html`<h1>What can be recorded</h1>
      <p>
        A record has one of these ${reasonCodes.length} reasons. Each is an act that a reviewer can
        establish without judging truth or opinion. The list is closed: it has no reason for speech,
        belief, rumour or politics, and none for “other”. Programs read it at
        <a href="/policies">/policies</a>. This is version ${taxonomyVersion}.
      </p>
      <ul>
        ${reasonCodes.map(
          (code) => html`<li><a href="#${code}">${reasons[code].texts.en.title}</a></li>`,
        )}
      </ul>
      ${reasonCodes.map(oneReason)}
      <h2>Evidence</h2>
      <p>
        A platform commits to evidence when it records, and shows it to a reviewer under appeal.
      </p>
      ${evidenceList()}`,
    linking,
  );

function oneReason(code: ReasonCode): Markup {
  const reason = reasons[code];
  return html`<h2 id="${code}">${reason.texts.en.title}</h2>
    <p class="soft"><code>${code}</code></p>
    <p>${reason.act}</p>
    <p><strong>${reason.isNot}</strong></p>
    <dl>
      <dt>Least proof</dt>
      <dd>${proofFloorText(code, spaced)}.</dd>
      <dt>Longest life, from the end of the incident</dt>
      <dd>${lifeOf(reason)}</dd>
      <dt>When a platform may ask about it</dt>
      <dd>${listed(reason.askedAt.map(spaced))}</dd>
      ${conditions(reason).map(
        ([term, text]) =>
          html`<dt>${term}</dt>
            <dd>${text}</dd>`,
      )}
    </dl>
    <p class="soft">To whoever it is about: ${reason.texts.en.appeal}</p>`;
}

const spaced = (name: string): string => name.replaceAll('-', ' ');

const lifeOf = ({ longestLifeMonths: months }: Reason): string =>
  months === null
    ? 'That of the record that was evaded.'
    : `${months} months; half of that without a stated gravity.`;

const conditions = (reason: Reason): readonly (readonly [term: string, text: string])[] =>
  (
    [
      ['Before it answers', reason.answersNow ? 'Notice alone: it answers without the hold.' : ''],
      [
        'Who may use it',
        reason.namesCriminalOffence
          ? 'It names a crime: only a platform with a recorded legal basis.'
          : '',
      ],
      ['Who decides appeals', decidedBy(reason)],
      ['Minors', reason.minorAllowed ? 'At most 12 months.' : 'Not about anybody under 18.'],
    ] as const
  ).filter(([, text]) => text !== '');

function decidedBy({ speechAdjacent, twoReviewers }: Reason): string {
  if (twoReviewers) return 'Two reviewers, blind to each other.';
  return speechAdjacent
    ? 'Two reviewers, blind to each other, where the appeal says that it was expression.'
    : '';
}

/** Lists each class of evidence with its meaning: the bytes that a submitter commits to. */
const evidenceList = (): Markup =>
  html`<dl>
    ${Object.entries(evidenceClasses).map(
      ([name, { what }]) =>
        html`<dt>${spaced(name)}</dt>
          <dd>${what}</dd>`,
    )}
  </dl>`;
