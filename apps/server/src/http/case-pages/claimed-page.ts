import { html } from 'hono/html';
import { linkTo, say, time, type Markup } from '../markup.ts';
import type { Drawing } from './forms.ts';
import { creatorPage } from './languages.ts';

/** The code of a case that somebody holds: nothing of the case, and how to contest that. */
export function claimedPage(drawing: Drawing, claimedAt: string): Markup {
  const { texts, to } = drawing;
  return creatorPage(drawing, {
    title: texts.say('page.claimed.title'),
    body: html`<p>${say(texts, 'page.claimed.when', { at: time(claimedAt, texts) })}</p>
      <h2>${texts.say('page.claimed.mine')}</h2>
      <p>${say(texts, 'page.claimed.open', { a: linkTo(to('/case')) })}</p>
      <h2>${texts.say('page.claimed.other')}</h2>
      <p>${texts.say('page.claimed.prove')}</p>
      <ul>
        <li><a href="${to('/case/find')}">${texts.say('page.claimed.byAddress')}</a></li>
        <li><a href="${to('/case/ticket')}">${texts.say('page.claimed.byAccount')}</a></li>
      </ul>`,
  });
}
