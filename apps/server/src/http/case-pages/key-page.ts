import type { MessageKey } from '@recourse/texts';
import { html } from 'hono/html';
import { say, strong, type Markup } from '../markup.ts';
import type { Creator } from './creator.ts';
import { form, type Drawing } from './forms.ts';
import { creatorPage } from './languages.ts';

const titles = {
  claimed: 'page.key.claimed',
  replaced: 'page.key.replaced',
  accepted: 'page.accept.done',
} as const satisfies Record<string, MessageKey>;

/** Leads to the page that shows the new key of a case. */
export const goToKey = (
  creator: Creator,
  key: string,
  as: keyof typeof titles,
): Promise<Response> =>
  creator.goTo({ step: 'key', state: { secret: key }, query: { as } }, () =>
    showKey(creator, key, as),
  );

/** @param as from the address, as it came */
export function showKey(creator: Creator, key: string, as = ''): Response | Promise<Response> {
  const title = Object.entries(titles).find(([name]) => name === as)?.[1] ?? titles.claimed;
  return creator.page(keyPage(creator.drawing, { key, title: creator.drawing.texts.say(title) }));
}

function keyPage(drawing: Drawing, page: { key: string; title: string }): Markup {
  const { texts } = drawing;
  return creatorPage(drawing, {
    title: page.title,
    script: false,
    leaves: true,
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
