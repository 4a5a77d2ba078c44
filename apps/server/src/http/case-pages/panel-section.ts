import type { CaseView } from '@recourse/protocol';
import { html } from 'hono/html';
import { say, day, type Markup } from '../markup.ts';
import type { ShownCase } from './shown-case.ts';

type PanelItem = NonNullable<CaseView['panel']>[number];

/** Lists questions to reviewers about the case beside its appeals, and their decisions. */
export function panelSection({ view, texts }: ShownCase): Markup {
  if (!view.panel) return html``;
  return html`<h2>${texts.say('page.panel.title')}</h2>
    <ul>
      ${view.panel.map(
        (item) =>
          html`<li>
            ${questionOf(item, texts)}<br />${answerOf(item, texts)}
            ${
              item.reasons.length > 0
                ? html`<p>${texts.say('page.panel.reasons')}</p>
                    ${item.reasons.map(
                      (reasons) => html`<blockquote dir="auto">${reasons}</blockquote>`,
                    )}`
                : ''
            }
          </li>`,
      )}
    </ul>`;
}

const questionOf = (item: PanelItem, texts: ShownCase['texts']): Markup =>
  html`${say(texts, 'page.panel.challenge', {
    platform: html`<bdi>${item.by ?? ''}</bdi>`,
    subject: html`${item.subject ? texts.say(`kind.${item.subject}`) : ''}`,
    at: day(item.changedAt ?? item.openedAt, texts),
  })}`;

function answerOf({ closedAt, outcome, dueAt }: PanelItem, texts: ShownCase['texts']): Markup {
  if (outcome === 'keep' || outcome === 'detach') {
    return html`${texts.say(`page.panel.${outcome}`)}`;
  }
  if (closedAt !== undefined) return html`${texts.say('page.panel.none')}`;
  return html`${say(texts, 'page.panel.until', { at: day(dueAt, texts) })}`;
}
