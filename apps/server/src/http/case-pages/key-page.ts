import { html } from 'hono/html';
import { say, strong, type Markup } from '../markup.ts';
import { form, type Drawing } from './forms.ts';
import { creatorPage } from './languages.ts';

/** The new key of a case, shown once. */
export function keyPage(drawing: Drawing, page: { key: string; title: string }): Markup {
  const { texts } = drawing;
  return creatorPage(drawing, {
    title: page.title,
    script: false,
    body: html`<p role="status" class="note good">${say(texts, 'page.key.keep', { b: strong })}</p>
      ${keyBox(drawing, { key: page.key, of: 'case' })}
      <h2>${texts.say('page.key.next')}</h2>
      ${form(drawing, {
        action: '/case',
        hidden: { code: page.key },
        submit: texts.say('page.key.open'),
      })}`,
  });
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
      submit: drawing.texts.say('page.key.save'),
      isQuiet: true,
    })}`;
