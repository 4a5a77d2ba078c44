import type { CaseView } from '@recourse/protocol';
import { html } from 'hono/html';
import { day, say, strong, type Markup } from '../markup.ts';
import type { ShownCase } from './shown-case.ts';

const clearing: ReadonlySet<CaseView['state']> = new Set(['reversed', 'withdrawn', 'expired']);

/** How the case came out, as the first line of each of its pages; undefined while that is open. */
export function endLine({ view, texts }: Pick<ShownCase, 'view' | 'texts'>): Markup | undefined {
  if (view.endedAt) {
    const isCleared = clearing.has(view.state);
    const values = {
      b: strong,
      at: day(view.endedAt, texts),
      state: texts.say(`state.${view.state}.title`),
    };
    return html`<p class="status ${isCleared ? 'right' : 'over'}">
      ${say(texts, isCleared ? 'page.end.cleared' : 'page.end.over', values)}
    </p>`;
  }
  const decided = lastDecision(view);
  if (!decided) return undefined;
  return html`<p class="status">
    ${say(texts, `page.end.${decided.outcome}`, { b: strong, at: day(decided.at, texts) })}
  </p>`;
}

/** The latest decision that left the record in place; none while an appeal is open. */
function lastDecision({ appeals }: CaseView) {
  if (appeals.some(({ state }) => state === 'open')) return undefined;
  return appeals
    .flatMap(({ state, outcome, closedAt: at }) =>
      state === 'decided' &&
      at &&
      (outcome === 'upheld' || outcome === 'dismissed' || outcome === 'amended')
        ? [{ outcome, at }]
        : [],
    )
    .toSorted((a, b) => a.at.localeCompare(b.at))
    .at(-1);
}
