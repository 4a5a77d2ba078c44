import { html } from 'hono/html';
import type { Markup } from '../markup.ts';
import { page } from '../page.ts';
import { form, type Drawing } from './forms.ts';

/** The new key of a case, shown once. */
export function keyPage(drawing: Drawing, of: { key: string; title: string }): Markup {
  return page(
    `${of.title} – Recourse`,
    html`<h1>${of.title}</h1>
      <p role="status" class="note good">
        <strong>Keep this key.</strong> It is shown once, and nobody can give it to you again. Write
        it down or save it, where nobody else reads it.
      </p>
      ${keyBox(drawing, { key: of.key, of: 'case' })}
      <h2>Next</h2>
      ${form(drawing, {
        action: '/case',
        hidden: { code: of.key },
        submit: 'I have kept it: open the case',
      })}`,
  );
}

/** The whole key, over as many lines as a phone needs, and a way to save it that needs no script. */
export const keyBox = (
  drawing: Drawing,
  { key, of }: { key: string; of: 'case' | 'ticket' },
): Markup =>
  html`<pre class="quote key"><code>${key}</code></pre>
    ${form(drawing, {
      action: '/case/key',
      hidden: { key, of },
      submit: 'Save it as a file',
      isQuiet: true,
    })}`;
