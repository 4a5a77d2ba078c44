import type { CaseView } from '@recourse/protocol';
import { html } from 'hono/html';
import { say, day, type Markup } from '../markup.ts';
import { quoted } from './appeals-section.ts';
import type { ShownCase } from './shown-case.ts';

type Inspection = CaseView['inspections'][number];

/** Every examination of the record that nobody asked for, and what came of it. */
export function inspectionsSection(shown: ShownCase): Markup {
  const { texts, view } = shown;
  if (view.inspections.length === 0) return html``;
  return html`<h2>${texts.say('page.inspections.title')}</h2>
    ${view.inspections.map((inspection) => oneInspection(shown, inspection))}`;
}

function oneInspection({ texts }: ShownCase, inspection: Inspection): Markup {
  const { why, evidenceDueAt: due, reasons } = inspection;
  return html`<p>${texts.say(`page.inspections.${why}`)} ${standing(texts, inspection)}</p>
    ${due ? html`<p>${say(texts, `${keyOf(why)}.evidenceDue`, { at: day(due, texts) })}</p>` : ''}
    ${reasons ? quoted(texts.say('page.appeals.reasons'), reasons) : ''}`;
}

/** Of a home reversal a reviewer looks at the complaint, and the record has ended whatever they find. */
const keyOf = (why: Inspection['why']) =>
  why === 'home-reversal' ? 'page.inspections.home-reversal' : 'page.inspections';

/**
 * Says where an inspection stands. One that nobody examined ends with its time; a record of a suspended platform answers
 * with less from then on.
 */
function standing(texts: ShownCase['texts'], inspection: Inspection): Markup {
  const { why, state, openedAt, dueAt, closedAt, outcome, unexamined } = inspection;
  if (why === 'cause') return standingOfCause(texts, inspection);
  if (closedAt) {
    const at = day(closedAt, texts);
    if (outcome) return say(texts, `${keyOf(why)}.${outcome}`, { at });
    return say(texts, `page.inspections.${state === 'lifted' ? 'lifted' : 'over'}`, { at });
  }
  if (unexamined) return stillUnexamined(texts, inspection);
  const key = why === 're-examination' ? 'page.inspections.untilExamined' : 'page.inspections.open';
  return say(texts, key, { at: day(openedAt, texts), due: day(dueAt, texts) });
}

/** Says what a check hears of a record that nobody examined in time. */
export const stillUnexamined = (
  texts: ShownCase['texts'],
  { dueAt }: Pick<Inspection, 'dueAt'>,
): Markup => say(texts, 'page.inspections.unexamined', { due: day(dueAt, texts) });

/** Says whether a second reviewer named the cause of the reversal, too. */
function standingOfCause(
  texts: ShownCase['texts'],
  { openedAt, dueAt, closedAt, cause }: Inspection,
): Markup {
  const key = 'page.inspections.cause';
  if (!closedAt) {
    return say(texts, `${key}.open`, { at: day(openedAt, texts), due: day(dueAt, texts) });
  }
  const at = day(closedAt, texts);
  if (!cause) return say(texts, `${key}.unconfirmed`, { at });
  return say(texts, `${key}.confirmed`, { at, cause: texts.say(`cause.${cause}`) });
}
