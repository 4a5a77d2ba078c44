import { html } from 'hono/html';
import { day, deadline, say, type Markup } from '../markup.ts';
import { openAppealOf, type ShownCase } from './shown-case.ts';

/** Where an open appeal is: received, with a reviewer, evidence shown, decided by a date. */
export function tracker(shown: ShownCase): Markup {
  const { texts, view } = shown;
  const open = openAppealOf(shown);
  if (!open) return html``;
  const last = (event: string): number => view.history.findLastIndex((one) => one.event === event);
  const since = last('appeal-opened');
  const hasReviewer = last('reviewer-claimed') > Math.max(since, last('reviewer-recused'));
  const hasEvidence = last('evidence-confirmed') > since;
  const steps = [
    [true, say(texts, 'page.track.received', { at: day(open.openedAt, texts) })],
    [hasReviewer || hasEvidence, texts.say('page.track.reviewer')],
    [hasEvidence, texts.say('page.track.evidence')],
    [false, say(texts, 'page.track.decision', { at: deadline(open.decisionDueAt, shown) })],
  ] as const;
  const now = steps.findIndex(([done]) => !done);
  return html`<ol class="tracker" aria-label="${texts.say('page.track.title')}">
    ${steps.map(
      ([done, text], index) =>
        html`<li class="${done ? 'done' : ''}" ${index === now ? html`aria-current="step"` : ''}>
          ${text}${done ? html` <span class="soft">(${texts.say('page.track.done')})</span>` : ''}
        </li>`,
    )}
  </ol>`;
}
