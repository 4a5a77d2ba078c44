import type { CaseView } from '@recourse/protocol';
import { html } from 'hono/html';
import { time, type Markup } from '../markup.ts';
import { causeText } from './causes.ts';
import { answerForm, fileForm, informationForm, keepForm, withdrawForm } from './appeal-forms.ts';
import { isHolder, type ShownCase } from './shown-case.ts';
import { decisionTexts, groundTexts } from './texts.ts';

type Appeal = CaseView['appeals'][number];

/** Every appeal with its deadlines and answers; what can be done about the open one. */
export function appealsSection(shown: ShownCase): Markup {
  const { appeals } = shown.view;
  if (appeals.length === 0) return html``;
  const whose = isHolder(shown) ? 'Your' : 'The';
  return html`<h2>${appeals.length === 1 ? `${whose} appeal` : `${whose} appeals`}</h2>
    ${appeals.map((appeal) => oneAppeal(shown, appeal))}`;
}

function oneAppeal(shown: ShownCase, appeal: Appeal): Markup {
  const isOpen = appeal.state === 'open';
  return html`<h3>${groundTexts[appeal.ground].title}</h3>
    <p>Opened on ${time(appeal.openedAt)}. ${outcome(appeal)}</p>
    ${isOpen ? deadlines(appeal) : ''}
    ${
      appeal.words
        ? html`<p class="soft">${appeal.state === 'void' ? 'What they wrote' : 'In your words'}:</p>
            <p class="quote" dir="auto">${appeal.words}</p>`
        : ''
    }
    ${
      appeal.news
        ? html`<p class="soft">What is new:</p>
            <p class="quote" dir="auto">${appeal.news}</p>`
        : ''
    }
    ${response(shown, appeal)} ${questions(shown, appeal, isOpen)} ${files(appeal)}
    ${
      appeal.reasons
        ? html`<p class="soft">The reviewer's reasons:</p>
            <p class="quote" dir="auto">${appeal.reasons}</p>`
        : ''
    }
    ${isOpen && isHolder(shown) ? whileOpen(shown, appeal) : ''}`;
}

function outcome(appeal: Appeal): Markup {
  const closed = appeal.closedAt ? html`on ${time(appeal.closedAt)}` : html``;
  const because = appeal.cause ? html` The cause: ${causeText(appeal.cause)}.` : html``;
  const found = appeal.outcome ? decisionTexts[appeal.outcome] : '';
  const texts: Readonly<Record<Appeal['state'], Markup>> = {
    open: html`A reviewer who belongs to no platform concerned will decide it.`,
    decided: html`Decided ${closed}. ${found}${because}`,
    withdrawn: html`It was withdrawn; that took effect ${closed}.`,
    lapsed: html`It succeeded ${closed}.${because}`,
    conceded: html`It succeeded ${closed}: the platform took the record back.`,
    void: html`It was opened by somebody who did not rightly hold this case, and does not count.`,
  };
  return texts[appeal.state];
}

const deadlines = (appeal: Appeal): Markup =>
  html`<ul>
    ${
      appeal.evidenceDueAt
        ? html`<li>
            The platform must deliver its evidence by ${time(appeal.evidenceDueAt)}. If it is late,
            the record is paused; if it stays late, you have won.
          </li>`
        : ''
    }
    <li>
      The decision is due by ${time(appeal.decisionDueAt)}. If it is late, the record is paused; if
      there is none by ${time(appeal.lapsesAt)}, you have won.
    </li>
  </ul>`;

const response = ({ view }: ShownCase, { response: said }: Appeal): Markup =>
  said
    ? html`<p class="soft">${view.submitter.name} answered on ${time(said.at)}:</p>
        ${said.text ? html`<p class="quote" dir="auto">${said.text}</p>` : ''}`
    : html``;

const questions = (shown: ShownCase, appeal: Appeal, isOpen: boolean): Markup =>
  html`${appeal.questions.map(
    (one) =>
      html`<p class="soft">
          ${one.kind === 'gist' ? 'What the evidence shows, by the reviewer' : 'A question of the reviewer'},
          ${time(one.askedAt)}:
        </p>
        <p class="quote" dir="auto">${one.text}</p>
        ${
          one.answer
            ? html`<p class="soft">Your answer:</p>
                <p class="quote" dir="auto">${one.answer}</p>`
            : ''
        }
        ${!one.answer && isOpen && isHolder(shown) ? answerForm(shown, one) : ''}`,
  )}`;

const files = (appeal: Appeal): Markup =>
  appeal.files.length === 0
    ? html``
    : html`<p class="soft">Files you added:</p>
        <ul>
          ${appeal.files.map(
            ({ name, bytes }) =>
              html`<li><bdi>${name}</bdi> (${Math.max(1, Math.round(bytes / 1024))} KiB)</li>`,
          )}
        </ul>`;

function whileOpen(shown: ShownCase, appeal: Appeal): Markup {
  if (appeal.withdrawnAt) {
    return html`<p class="note">
        You asked to withdraw this appeal. That takes effect on ${time(appeal.withdrawnAt)}; until
        then you may think again.
      </p>
      ${keepForm(shown)}`;
  }
  return html`${informationForm(shown)} ${fileForm(shown, appeal.files.length)}
  ${withdrawForm(shown)}`;
}
