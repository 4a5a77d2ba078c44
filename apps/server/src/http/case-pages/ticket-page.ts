import { caseKey, newCaseSecret } from '@recourse/protocol';
import { html } from 'hono/html';
import type { Markup } from '../markup.ts';
import { page } from '../page.ts';
import { errorSummary, form, newKeyField, textField, type Drawing } from './forms.ts';
import { keyBox } from './key-page.ts';

/** For an account or an IBAN, which only a platform can say is somebody's: a secret, and its hash for the platform. */
export function ticketPage(drawing: Drawing): Markup {
  const action = '/case/ticket';
  return page(
    'Find cases with a ticket – Recourse',
    html`<h1>Find cases by an account or an IBAN</h1>
      ${errorSummary(drawing)}
      ${drawing.refused ? html`<h2>The secret that you kept</h2>` : newRequest(drawing)}
      ${form(drawing, {
        action,
        fields: [
          newKeyField(drawing),
          textField(drawing, { action, name: 'secret', label: 'Your secret', most: 400 }),
        ],
        submit: 'Show my cases',
      })}
      ${drawing.refused ? html`<p><a href="/case/ticket">Begin again with a new secret</a></p>` : ''}`,
    { script: true },
  );
}

/** Not shown to whoever comes back: a second secret would be taken for the first. */
function newRequest(drawing: Drawing): Markup {
  const secret = newCaseSecret(drawing.random);
  return html`<p>
      Only a platform where you have that account, or are paid to that IBAN, can say that it is
      yours. You give it a request number; it vouches for you here; then your secret opens the
      cases.
    </p>
    <h2>1. Keep this secret</h2>
    <p>Show it to nobody, the platform included. It was made for you just now.</p>
    ${keyBox(drawing, { key: secret, of: 'ticket' })}
    <h2>2. Give the platform this request number</h2>
    <pre class="quote"><code>${caseKey(secret)}</code></pre>
    <p>Its complaints contact is <a href="/parties">listed here</a>. The number opens nothing.</p>
    <h2>3. When the platform has vouched for you</h2>
    <p>Come back to this page and enter the secret that you kept.</p>`;
}
