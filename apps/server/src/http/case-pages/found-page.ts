import type { CaseOutput } from '@recourse/protocol';
import { html } from 'hono/html';
import { time, type Markup } from '../markup.ts';
import { page } from '../page.ts';
import { form, type Drawing } from './forms.ts';
import { keyBox } from './key-page.ts';
import { stateTexts } from './texts.ts';

type Found = CaseOutput<'case.prove'>['found'];

/** What was found, each with a way in; the key that opens them, shown once. */
export function foundPage(drawing: Drawing, of: { found: Found; key: string }): Markup {
  const { found, key } = of;
  if (found.length === 0) return nothingPage();
  return page(
    'Your cases – Recourse',
    html`<h1>${found.length === 1 ? 'One case was found' : `${found.length} cases were found`}</h1>
      <p role="status" class="note good">
        <strong>Keep the key of each case.</strong> It is shown once, and nobody can give it to you
        again.
      </p>
      ${found.map((one) => oneCase(drawing, one, `${key}.${one.n}`))}`,
  );
}

function oneCase(drawing: Drawing, one: Found[number], key: string): Markup {
  return html`<h2>${one.submitter}, ${time(one.submittedAt)}</h2>
    <p>
      ${stateTexts[one.state].title}.
      ${one.claimed ? 'Somebody has claimed it already; open it to see what you can do.' : ''}
    </p>
    ${keyBox(drawing, { key, of: 'case' })}
    ${form(drawing, { action: '/case', hidden: { code: key }, submit: 'Open this case' })}`;
}

const nothingPage = (): Markup =>
  page(
    'Nothing is held – Recourse',
    html`<h1>Nothing is held about it</h1>
      <p role="status">
        It is yours, and no record here is about it. A record may still be about another address,
        number or account of yours.
      </p>
      <p><a href="/case/find">Try another one</a></p>`,
  );
