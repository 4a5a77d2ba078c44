import type { CaseOutput } from '@recourse/protocol';
import { html } from 'hono/html';
import { say, strong, day, type Markup } from '../markup.ts';
import { form, type Drawing } from './forms.ts';
import { keyBox } from './key-page.ts';
import { creatorPage } from './languages.ts';

export type FoundCases = CaseOutput<'case.prove'>['found'];

/** Shows the cases that were found, each with a way in, and the key that opens them, once. */
export function foundPage(drawing: Drawing, content: { found: FoundCases; key: string }): Markup {
  const { found, key } = content;
  const { texts } = drawing;
  if (found.length === 0) return nothingPage(drawing);
  return creatorPage(drawing, {
    title: texts.say('page.found.title', { count: found.length }),
    script: false,
    leaves: true,
    body: html`<p role="status" class="note good">
        ${say(texts, 'page.found.keep', { b: strong })}
      </p>
      ${found.map((one) => oneCase(drawing, one, one.n === 0 ? key : `${key}.${one.n}`))}`,
  });
}

function oneCase(drawing: Drawing, found: FoundCases[number], key: string): Markup {
  const { texts } = drawing;
  return html`<h2><bdi>${found.submitter}</bdi> – ${day(found.submittedAt, texts)}</h2>
    <p>${texts.say(`state.${found.state}.title`)}.</p>
    ${keyBox(drawing, { key, of: 'case' })}
    ${form(drawing, {
      action: '/case',
      hidden: { code: key },
      submit: texts.say('page.found.open'),
    })}`;
}

function nothingPage(drawing: Drawing): Markup {
  const { texts, to } = drawing;
  return creatorPage(drawing, {
    title: texts.say('page.found.nothing'),
    script: false,
    body: html`<p role="status">${texts.say('page.found.nothing.more')}</p>
      <p><a href="${to('/case/find')}">${texts.say('page.found.another')}</a></p>`,
  });
}
