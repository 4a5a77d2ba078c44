import type { CaseView } from '@recourse/protocol';
import { html } from 'hono/html';
import { deadline, linkTo, say, strong, day, type Markup } from '../markup.ts';
import { causeText, eventText } from './causes.ts';
import type { ShownCase } from './shown-case.ts';

type ToldPlatform = NonNullable<CaseView['told']>[number];

/** Lists the platforms that were told, by name, and what each of them did. */
export function toldSection(shown: ShownCase): Markup {
  const { view, texts } = shown;
  return html`${view.told ? html`${toldList(shown, view.told)}${othersTold(shown)}` : html`<p>${texts.say('page.told.claimFirst')}</p>`}
  ${view.trustQuestions?.length ? askedList(shown, view.trustQuestions) : ''}`;
}

/** As coarse as the submitter sees it: whoever chose the identifiers may be here, too. */
const othersTold = ({ view, texts, to }: ShownCase): Markup =>
  html`<p>${texts.say(`page.told.others.${view.toldOthers ?? 'none'}`)}</p>
    <p>${say(texts, 'page.told.more', { a: linkTo(to('/case/find')) })}</p>`;

const toldList = (shown: ShownCase, platforms: readonly ToldPlatform[]): Markup => {
  const { texts } = shown;
  return platforms.length === 0
    ? html`<p>${texts.say('page.told.nobody')}</p>`
    : html`<ul>
        ${platforms.map(
          (platform) =>
            html`<li>
              ${say(texts, 'page.told.line', {
                b: strong,
                platform: html`<bdi>${platform.name}</bdi>`,
                at: day(platform.toldAt, texts),
                purpose: texts.say(`purpose.${platform.purpose}`),
                outcome: outcomeText(texts, platform),
              })}
              ${platform.purpose === 'vouching' ? say(texts, 'page.told.vouched', { a: linkTo('/parties') }) : ''}
              ${platform.recall ? recallLine(shown, platform.recall) : ''}
            </li>`,
        )}
      </ul>`;
};

/** What it did; whoever vouched owes no outcome. */
function outcomeText(
  texts: ShownCase['texts'],
  { outcome, purpose }: Pick<ToldPlatform, 'outcome' | 'purpose'>,
): string {
  if (purpose === 'vouching') return '';
  return texts.say(outcome ? `outcome.${outcome}` : 'page.told.noOutcome');
}

function recallLine(shown: ShownCase, recall: NonNullable<ToldPlatform['recall']>): Markup {
  const { texts } = shown;
  const asked = texts.say(`recall.${recall.kind}`);
  if (recall.action) {
    return html`${asked} ${texts.say(`recallAction.${recall.action}`)}
    ${recall.acknowledgedAt ? html`(${day(recall.acknowledgedAt, texts)})` : ''}`;
  }
  const at = deadline(recall.dueAt, shown);
  return recall.overdue
    ? html`${asked} ${say(texts, 'page.told.late', { b: strong, at })}`
    : html`${asked} ${say(texts, 'page.told.due', { at })}`;
}

type AskedInquiry = NonNullable<CaseView['trustQuestions']>[number];

/** Lists questions of platforms that were told to the one that made the record. */
const askedList = (shown: ShownCase, asked: readonly AskedInquiry[]): Markup => {
  const { texts } = shown;
  return html`<h3>${texts.say('page.asked.title')}</h3>
    <ul>
      ${asked.map(
        (one) =>
          html`<li>
            ${say(texts, 'page.asked.line', {
              b: strong,
              platform: html`<bdi>${one.name}</bdi>`,
              at: day(one.askedAt, texts),
              question: texts.say(`question.${one.asks}`),
            })}
            ${answerLine(shown, one)}
          </li>`,
      )}
    </ul>`;
};

function answerLine(shown: ShownCase, inquiry: AskedInquiry): Markup {
  const { texts } = shown;
  if (inquiry.answer && inquiry.answeredAt) {
    return say(texts, 'page.asked.answer', {
      at: day(inquiry.answeredAt, texts),
      answer: texts.say(`answer.${inquiry.answer}`),
    });
  }
  const key = inquiry.overdue ? 'page.asked.late' : 'page.asked.due';
  return say(texts, key, { at: deadline(inquiry.dueAt, shown) });
}

/** Everything that happened, the oldest first. */
export const timelineSection = ({ view, texts }: ShownCase): Markup =>
  html`<h2>${texts.say('page.history.title')}</h2>
    <ol>
      ${view.history.map(
        ({ at, event, cause }) =>
          html`<li>
            ${day(at, texts)}: ${eventText(texts, event)}
            ${cause ? html`<span class="soft">(${causeText(texts, cause)})</span>` : ''}
          </li>`,
      )}
    </ol>`;
