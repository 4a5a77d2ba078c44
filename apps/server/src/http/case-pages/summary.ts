import { html } from 'hono/html';
import { day, deadline, linkTo, say, type Markup } from '../markup.ts';
import { partButton } from './case-parts.ts';
import { causeText } from './causes.ts';
import { claimForm, hasLetter, letterForm } from './claimant-sections.ts';
import { stillUnexamined } from './inspections-section.ts';
import { numberSection } from './number-section.ts';
import {
  mayAppeal,
  mayJoin,
  mayReopen,
  mustSay,
  openAppealOf,
  type ShownCase,
} from './shown-case.ts';

/** The first panel: who says what, since when, what it does, and what its creator can do until when. */
export function summary(shown: ShownCase): Markup {
  const { view, texts } = shown;
  const { facts } = view;
  return html`${view.endedAt ? '' : statusLine(shown)}
    ${facts.reason ? html`<p>${texts.reason(facts.reason).meaning}</p>` : ''}
    <p>
      ${say(texts, 'page.sum.since', {
        at: day(view.submittedAt, texts),
        from: day(facts.incidentFrom, texts),
        to: day(facts.incidentTo, texts),
      })}
    </p>
    <p>${effect(shown)}</p>
    ${tracker(shown)} ${nextStep(shown)}`;
}

/** In colour and in words. */
function statusLine({ view, texts }: ShownCase): Markup {
  const state = texts.say(`state.${view.state}.title`);
  const text = view.disputed ? texts.say('page.case.disputed', { state }) : state;
  return html`<p class="status ${statusClass(view)}"><strong>${text}</strong></p>`;
}

function statusClass({ state, disputed }: ShownCase['view']): string {
  if (state === 'suspended') return 'paused';
  return disputed || state !== 'visible' ? 'open' : 'stands';
}

/** Says what the record does now, and until when. */
function effect(shown: ShownCase): Markup {
  const { view, texts } = shown;
  const unexamined = view.inspections.find((one) => one.unexamined);
  const causes = view.suspendedFor.map((cause) => causeText(texts, cause));
  return html`${texts.say(`state.${view.state}.meaning`)}
  ${
    view.state === 'held' && view.visibleFrom
      ? say(texts, 'page.case.begins', { at: deadline(view.visibleFrom, shown) })
      : ''
  }
  ${causes.length > 0 ? texts.say('page.case.paused', { causes: texts.list(causes) }) : ''}
  ${
    unexamined
      ? html`${texts.say('page.inspections.re-examination')} ${stillUnexamined(texts, unexamined)}`
      : ''
  }
  ${view.echoReview && !view.endedAt ? derivedNote(shown, view.echoReview) : ''}
  ${view.endedAt ? ended(shown, view.endedAt) : say(texts, 'page.case.ends', { at: deadline(view.expiresAt, shown) })}`;
}

/** It was made after its platform was told of another record, which did not stand. */
function derivedNote(
  shown: ShownCase,
  { confirmedAt, dueAt }: NonNullable<ShownCase['view']['echoReview']>,
): Markup {
  const { texts } = shown;
  return confirmedAt === undefined
    ? say(texts, 'page.case.derived', { due: deadline(dueAt, shown) })
    : say(texts, 'page.case.derivedConfirmed', { at: day(confirmedAt, texts) });
}

function ended({ texts, view: { endCause: cause } }: ShownCase, at: string): Markup {
  const when = { at: day(at, texts) };
  return cause === undefined
    ? say(texts, 'page.case.ended', when)
    : say(texts, 'page.case.endedBecause', { ...when, cause: causeText(texts, cause) });
}

/** The one thing to do next, as a sentence and a button. */
function nextStep(shown: ShownCase): Markup {
  const { view, texts } = shown;
  const { mayAppealUntil: until } = view;
  if (mustSay(shown)) return numberSection(shown);
  const note = view.hidden ? numberSection(shown) : '';
  if (view.access === 'code') {
    return html`<p>
        ${until ? say(texts, 'page.sum.appeal', { at: deadline(until, shown) }) : ''}
        ${texts.say('page.sum.claim')}
      </p>
      ${claimForm(shown)}`;
  }
  if (hasLetter(view))
    return html`<p>${texts.say('page.papers.letter')}</p>
      ${letterForm(shown)}`;
  const [sentence, button] = appealStep(shown) ?? [];
  if (sentence)
    return html`${note}
      <p>${sentence}</p>
      ${partButton(shown, 'appeal', button ?? '')}`;
  const platform = html`<bdi>${view.submitter.name}</bdi>`;
  return html`${note}
    <p>${say(texts, 'page.sum.write', { a: linkTo('#contacts'), platform })}</p>`;
}

function appealStep(shown: ShownCase): [sentence: Markup | string, button: string] | undefined {
  const { view, texts } = shown;
  const open = openAppealOf(shown);
  const asked = open?.questions.find(({ answer }) => answer === undefined);
  if (asked) {
    const at = deadline(asked.answerDueAt, shown);
    return [say(texts, 'page.sum.ask', { at }), texts.say('page.sum.ask.go')];
  }
  if (open?.joined) {
    const at = deadline(open.decisionDueAt, shown);
    return [say(texts, 'page.sum.open', { at }), texts.say('page.sum.open.go')];
  }
  if (mayJoin(shown)) return [texts.say('page.sum.join'), texts.say('page.join.title')];
  if (mayReopen(shown)) {
    return [texts.say('page.sum.reopen'), texts.say('page.appeal.reopen.title')];
  }
  if (!mayAppeal(shown) || !view.mayAppealUntil) return undefined;
  const at = deadline(view.mayAppealUntil, shown);
  return [say(texts, 'page.sum.appeal', { at }), texts.say('page.part.appeal')];
}

/** Where an open appeal is: received, with a reviewer, evidence shown, decided by a date. */
function tracker(shown: ShownCase): Markup {
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
