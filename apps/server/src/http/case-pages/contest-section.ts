import { maxWords, type CaseView } from '@recourse/protocol';
import type { MessageKey } from '@recourse/texts';
import { html } from 'hono/html';
import { say, time, type Markup } from '../markup.ts';
import { form, textArea } from './forms.ts';
import type { ShownCase } from './shown-case.ts';

type PanelItem = NonNullable<CaseView['panel']>[number];

/** Whose the case is: by the notice somebody was first, by a proof, or two say that it is theirs. */
export function contestSection(shown: ShownCase): Markup {
  const { view, texts } = shown;
  const open = view.panel?.find(({ side, closedAt }) => side && closedAt === undefined);
  if (open?.side === 'holder') {
    return html`<h2 id="contest">${texts.say('page.contest.mine')}</h2>
      ${asked(shown, open, { more: 'page.contest.mine.more', submit: 'page.contest.mine.submit' })}`;
  }
  if (view.access !== 'found' || !view.claimed) return html``;
  const at = time(view.claimed.at, texts);
  if (view.claimed.way === 'code') return byCode(shown, at);
  return html`<h2 id="contest">${texts.say('page.contest.held')}</h2>
    ${
      open
        ? asked(shown, open, { more: 'page.contest.asked', submit: 'page.contest.mine.submit' })
        : html`<p>${say(texts, 'page.contest.held.more', { at })}</p>
            ${whyForm(shown, 'page.contest.ask')}`
    }`;
}

/** Somebody with the notice was first; whoever proves an identifier is believed more. */
const byCode = (shown: ShownCase, at: Markup): Markup =>
  html`<h2 id="contest">${shown.texts.say('page.contest.title')}</h2>
    <p>${say(shown.texts, 'page.contest.more', { at })}</p>
    ${form(shown, {
      action: '/case/contest',
      hidden: { key: shown.secret },
      submit: shown.texts.say('page.contest.submit'),
    })}`;

/** Each says once why it is theirs. */
const asked = (
  shown: ShownCase,
  { dueAt, words }: PanelItem,
  { more, submit }: { more: 'page.contest.mine.more' | 'page.contest.asked'; submit: MessageKey },
): Markup =>
  html`<p>${say(shown.texts, more, { at: time(dueAt, shown.texts) })}</p>
    ${words === undefined ? whyForm(shown, submit) : html`<blockquote dir="auto">${words}</blockquote>`}`;

function whyForm(shown: ShownCase, submit: MessageKey): Markup {
  const { secret, texts } = shown;
  const action = '/case/contest-why';
  return form(shown, {
    action,
    hidden: { key: secret },
    fields: textArea(shown, {
      action,
      name: 'words',
      label: texts.say('page.contest.words'),
      most: maxWords,
    }),
    submit: texts.say(submit),
  });
}

/** What reviewers were asked about the case beside its appeals, and decided. */
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

function questionOf(item: PanelItem, texts: ShownCase['texts']): Markup {
  if (item.kind === 'contested') return html`${texts.say('page.panel.contested')}`;
  return html`${say(texts, 'page.panel.challenge', {
    platform: html`<bdi>${item.by ?? ''}</bdi>`,
    subject: html`${item.subject ? texts.say(`kind.${item.subject}`) : ''}`,
    at: time(item.changedAt ?? item.openedAt, texts),
  })}`;
}

function answerOf({ closedAt, outcome, dueAt }: PanelItem, texts: ShownCase['texts']): Markup {
  if (outcome === 'hand-over' || outcome === 'keep' || outcome === 'detach') {
    return html`${texts.say(`page.panel.${outcome}`)}`;
  }
  if (closedAt !== undefined) return html`${texts.say('page.panel.none')}`;
  return html`${say(texts, 'page.panel.until', { at: time(dueAt, texts) })}`;
}
