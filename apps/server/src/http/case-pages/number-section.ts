import { html } from 'hono/html';
import { day, say, type Markup } from '../markup.ts';
import { claimForm } from './claimant-sections.ts';
import { dateField, form } from './forms.ts';
import { isInPerson, type ShownCase } from './shown-case.ts';

/** Who came by a code sent to a phone first says since when the number is theirs: it may have been somebody else's then. */
export function numberSection(shown: ShownCase): Markup {
  const { view, texts } = shown;
  if (view.hidden === 'recycled') {
    return html`<p class="note">
      ${say(texts, 'page.number.recycled', { since: saidIn(shown) })}
    </p>`;
  }
  return html`<h2 id="number">${texts.say('page.number.title')}</h2>
    <p>${texts.say('page.number.more')}</p>
    ${askFor(shown)}`;
}

function askFor(shown: ShownCase): Markup {
  const { view, texts, secret } = shown;
  if (view.access === 'code') {
    return html`<p>${texts.say('page.number.claim')}</p>
      ${claimForm(shown)}`;
  }
  if (!isInPerson(shown)) return html`<p>${texts.say('page.number.others')}</p>`;
  const action = '/case/number';
  return form(shown, {
    action,
    hidden: { key: secret },
    fields: dateField(shown, {
      action,
      name: 'since',
      label: texts.say('page.number.since'),
      hint: texts.say('page.number.since.hint'),
    }),
    submit: texts.say('page.number.submit'),
    isTyped: true,
  });
}

/** The earliest day that they said: it is after what was recorded, as every other. */
function saidIn({ view, texts }: ShownCase): Markup {
  const said = (view.ways ?? []).flatMap(({ numberSince }) => numberSince ?? []);
  return day(`${said.toSorted()[0] ?? ''}T00:00:00Z`, texts);
}
