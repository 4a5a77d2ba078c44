import { html } from 'hono/html';
import { leaveAll } from './addresses.ts';
import type { Creator } from './creator.ts';
import { creatorPage } from './languages.ts';

/**
 * `POST /case/leave`: whoever uses this browser next goes back to nothing. What no server can take from a window is the form
 * that it posted, which it may offer to post again: so the page asks to close it.
 */
export async function leave(creator: Creator): Promise<Response> {
  const { c, http, drawing } = creator;
  leaveAll({ c, http });
  // No page is in a cache; some browsers keep what was on the screen, for Back.
  c.header('Clear-Site-Data', '"cache"');
  return creator.page(
    creatorPage(drawing, {
      title: drawing.texts.say('page.leave.title'),
      script: false,
      body: html`<p role="status" class="note good">${drawing.texts.say('page.leave.done')}</p>`,
    }),
  );
}
