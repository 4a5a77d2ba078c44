import { caseKey, newCaseSecret } from '@recourse/protocol';
import { html } from 'hono/html';
import { linkTo, say, type Markup } from '../markup.ts';
import { errorSummary, form, newKeyField, textField, type Drawing } from './forms.ts';
import { keyBox } from './key-page.ts';
import { creatorPage } from './languages.ts';

/** For an account or an IBAN, which only a platform can say is somebody's: a secret, and its hash for the platform. */
export function ticketPage(drawing: Drawing): Markup {
  const { texts, to, refused } = drawing;
  const action = '/case/ticket';
  return creatorPage(drawing, {
    title: texts.say('page.ticket.title'),
    // A page in another language would show another secret.
    ...(refused ? {} : { switch: { path: action } }),
    body: html`${errorSummary(drawing)}
    ${refused ? html`<h2>${texts.say('page.ticket.kept')}</h2>` : newRequest(drawing)}
    ${form(drawing, {
      action,
      fields: [
        newKeyField(drawing),
        textField(drawing, {
          action,
          name: 'secret',
          label: texts.say('page.ticket.secret'),
          most: 400,
        }),
      ],
      submit: texts.say('page.prove.submit'),
      enters: true,
    })}
    ${refused ? html`<p><a href="${to(action)}">${texts.say('page.ticket.again')}</a></p>` : ''}`,
  });
}

/** Not shown to whoever comes back: a second secret would be taken for the first. */
function newRequest(drawing: Drawing): Markup {
  const { texts } = drawing;
  const secret = newCaseSecret(drawing.random);
  return html`<p>${texts.say('page.ticket.intro')}</p>
    <p>${texts.say('page.ticket.told')}</p>
    <h2>${texts.say('page.ticket.step1')}</h2>
    <p>${texts.say('page.ticket.step1.more')}</p>
    ${keyBox(drawing, { key: secret, of: 'ticket' })}
    <h2>${texts.say('page.ticket.step2')}</h2>
    <pre class="quote"><code>${caseKey(secret)}</code></pre>
    <p>${say(texts, 'page.ticket.step2.more', { a: linkTo('/parties') })}</p>
    <h2>${texts.say('page.ticket.step3')}</h2>
    <p>${texts.say('page.ticket.step3.more')}</p>`;
}
