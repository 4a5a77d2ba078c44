import type { CaseView } from '@recourse/protocol';
import { html } from 'hono/html';
import { say, time, type Markup } from '../markup.ts';
import { quoted } from './appeals-section.ts';
import type { ShownCase } from './shown-case.ts';

type Audit = CaseView['audits'][number];

/** Every examination of the record that nobody asked for, and what came of it. */
export function auditsSection(shown: ShownCase): Markup {
  const { texts, view } = shown;
  if (view.audits.length === 0) return html``;
  return html`<h2>${texts.say('page.audits.title')}</h2>
    ${view.audits.map((audit) => oneAudit(shown, audit))}`;
}

function oneAudit({ texts }: ShownCase, audit: Audit): Markup {
  const { why, evidenceDueAt: due, reasons } = audit;
  // Whatever comes of one that the submitter asked for, the record stays ended.
  const then = why === 'asked' ? '' : standing(texts, audit);
  return html`<p>${texts.say(`page.audits.${why}`)} ${then}</p>
    ${due ? html`<p>${say(texts, 'page.audits.evidenceDue', { at: time(due, texts) })}</p>` : ''}
    ${reasons ? quoted(texts.say('page.appeals.reasons'), reasons) : ''}`;
}

/** What nobody examined is over with its time; a record of a suspended platform is paused from then on. */
function standing(texts: ShownCase['texts'], audit: Audit): Markup {
  const { why, openedAt, dueAt, closedAt, outcome } = audit;
  if (closedAt) {
    return say(texts, `page.audits.${outcome ?? 'over'}`, { at: time(closedAt, texts) });
  }
  const key = why === 're-examination' ? 'page.audits.paused' : 'page.audits.open';
  return say(texts, key, { at: time(openedAt, texts), due: time(dueAt, texts) });
}
