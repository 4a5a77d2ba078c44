import type { CaseView } from '@recourse/protocol';
import { html } from 'hono/html';
import { deadline, say, day, type Markup } from '../markup.ts';
import { answerForm, informationForm, joinForm, keepForm, withdrawForm } from './appeal-forms.ts';
import { causeText } from './causes.ts';
import { isInPerson, type ShownCase } from './shown-case.ts';

type Appeal = CaseView['appeals'][number];

/** Every appeal with its deadlines and answers; what can be done about the open one. */
export function appealsSection(shown: ShownCase): Markup {
  const { texts, view } = shown;
  const count = view.appeals.length;
  if (count === 0) return html`<p>${texts.say('page.appeals.none')}</p>`;
  const isYours = view.appeals.some(({ joined }) => joined);
  const title = isYours ? 'page.appeals.yours' : 'page.appeals.others';
  return html`<h2 id="appeals">${texts.say(title, { count })}</h2>
    ${view.appeals.map((appeal) => oneAppeal(shown, appeal))}`;
}

function oneAppeal(shown: ShownCase, appeal: Appeal): Markup {
  const { texts } = shown;
  const isOpen = appeal.state === 'open';
  return html`<h3>${texts.say(`ground.${appeal.ground}.title`)}</h3>
    <p>
      ${say(texts, 'page.appeals.opened', { at: day(appeal.openedAt, texts) })}
      ${outcome(shown, appeal)}
    </p>
    ${appeal.joined ? '' : html`<p>${texts.say('page.appeals.notYours')}</p>`}
    ${appeal.toldReviewers ? html`<p>${texts.say('page.appeals.toldReviewer')}</p>` : ''}
    ${appeal.reviewersAgain ? html`<p>${texts.say('page.appeals.reviewersAgain')}</p>` : ''}
    ${isOpen ? deadlines(shown, appeal) : ''} ${isOpen ? othersWithdraw(shown, appeal) : ''}
    ${appeal.words ? quoted(texts.say('page.appeals.yourWords'), appeal.words) : ''}
    ${appeal.news ? quoted(texts.say('page.appeals.news'), appeal.news) : ''}
    ${appeal.added.map(({ ground, words }) => quoted(texts.say(`ground.${ground}.title`), words))}
    ${response(shown, appeal)} ${questions(shown, appeal, isOpen)} ${files(shown, appeal)}
    ${appeal.reasons ? quoted(texts.say('page.appeals.reasons'), appeal.reasons) : ''}
    ${appeal.unheard ? html`<p class="note">${texts.say('page.appeals.unheard')}</p>` : ''}
    ${isOpen && appeal.joined ? whileOpen(shown, appeal) : ''}`;
}

/** Quotes somebody's words, with who it was. */
export const quoted = (lead: Markup | string, words: string): Markup =>
  html`<p class="soft">${lead}</p>
    <p class="quote" dir="auto">${words}</p>`;

function outcome({ texts }: ShownCase, appeal: Appeal): Markup {
  const { closedAt, cause, state } = appeal;
  if (state === 'open' || state === 'restored') return html`${texts.say(`page.appeals.${state}`)}`;
  const at = closedAt ? day(closedAt, texts) : '';
  const isExplained = state === 'decided' || state === 'undelivered';
  return html`${say(texts, `page.appeals.${state}`, { at })}
  ${state === 'decided' && appeal.outcome ? texts.say(`decision.${appeal.outcome}`) : ''}
  ${cause && isExplained ? texts.say('page.appeals.cause', { cause: causeText(texts, cause) }) : ''}`;
}

function deadlines(shown: ShownCase, appeal: Appeal): Markup {
  const { texts, view } = shown;
  const { evidenceDueAt, decisionDueAt, undecidedAt } = appeal;
  return html`<ul>
    ${
      evidenceDueAt
        ? html`<li>
            ${say(texts, 'page.appeals.evidenceDue', { at: deadline(evidenceDueAt, shown) })}
          </li>`
        : ''
    }
    <li>
      ${say(texts, `page.appeals.${appeal.bound || view.endedAt ? 'boundDue' : 'decisionDue'}`, {
        at: deadline(decisionDueAt, shown),
        undecided: deadline(undecidedAt, shown),
      })}
    </li>
  </ul>`;
}

function response({ view, texts }: ShownCase, { response: said }: Appeal): Markup {
  if (!said) return html``;
  const platform = html`<bdi>${view.submitter.name}</bdi>`;
  const lead = say(texts, 'page.appeals.response', { platform, at: day(said.at, texts) });
  return said.text ? quoted(lead, said.text) : html`<p class="soft">${lead}</p>`;
}

const questions = (shown: ShownCase, appeal: Appeal, isOpen: boolean): Markup =>
  html`${appeal.questions.map((question) => {
    const { texts } = shown;
    const kind = question.kind === 'gist' ? 'page.appeals.gist' : 'page.appeals.question';
    return html`${quoted(say(texts, kind, { at: day(question.askedAt, texts) }), question.text)}
    ${question.answer ? quoted(texts.say('page.appeals.answer'), question.answer) : ''}
    ${!question.answer && isOpen ? answerForm(shown, question) : ''}`;
  })}`;

const files = ({ texts }: ShownCase, appeal: Appeal): Markup =>
  appeal.files.length === 0
    ? html``
    : html`<p class="soft">${texts.say('page.appeals.files')}</p>
        <ul>
          ${appeal.files.map(
            ({ name, bytes }) =>
              html`<li><bdi>${name}</bdi> (${Math.max(1, Math.round(bytes / 1024))} KiB)</li>`,
          )}
        </ul>`;

/** Whoever gives something up, everybody on the case reads of it. */
const othersWithdraw = ({ texts }: ShownCase, { withdrawals }: Appeal): Markup =>
  html`${withdrawals
    .filter(({ own }) => !own)
    .map(({ signed, at }) => {
      const key = signed ? 'page.appeals.otherWithdrew' : 'page.appeals.otherWithdrew.unsigned';
      return html`<p class="note">${say(texts, key, { at: day(at, texts) })}</p>`;
    })}`;

function ownWithdrawal(shown: ShownCase, appeal: Appeal): Markup {
  const { texts } = shown;
  const own = appeal.withdrawals.find((withdrawal) => withdrawal.own);
  if (own && !own.signed) {
    return say(texts, 'page.appeals.withdrew.unsigned', { at: deadline(own.at, shown) });
  }
  const { withdrawnAt } = appeal;
  return withdrawnAt
    ? say(texts, 'page.appeals.withdrawing', { at: deadline(withdrawnAt, shown) })
    : html`${texts.say('page.appeals.withdrew')}`;
}

function whileOpen(shown: ShownCase, appeal: Appeal): Markup {
  if (appeal.withdrew) {
    return html`<p class="note">${ownWithdrawal(shown, appeal)}</p>
      ${isInPerson(shown) ? keepForm(shown) : ''}`;
  }
  return html`${informationForm(shown, appeal.filesLeft)} ${joinForm(shown)}
  ${isInPerson(shown) ? withdrawForm(shown) : ''}`;
}
