import { caseKey, newCaseSecret } from '@recourse/protocol';
import { html } from 'hono/html';
import { readCaseSecret } from '../../case-secret.ts';
import { linkTo, say, type Markup } from '../markup.ts';
import { errorSummary, form, newKeyField, textField, type Drawing } from './forms.ts';
import { keyBox } from './key-page.ts';
import { creatorPage } from './languages.ts';

/** For an account or an IBAN, which only a platform can say is somebody's: a secret, and its hash for the platform. */
export function ticketPage(drawing: Drawing): Markup {
  const { texts, to, refused, typed } = drawing;
  const action = '/case/ticket';
  const shown = typed?.[action] && readCaseSecret(typed[action]['ticket'] ?? '');
  const secret =
    refused || (typed && shown === undefined)
      ? undefined
      : (shown ?? newCaseSecret(drawing.random));
  return creatorPage(drawing, {
    title: texts.say('page.ticket.title'),
    switch: 'form',
    body: html`${errorSummary(drawing)}
    ${secret === undefined ? html`<h2>${texts.say('page.ticket.kept')}</h2>` : newRequest(drawing, secret)}
    ${form(drawing, {
      action,
      // The page in another language shows the same.
      hidden: secret === undefined ? {} : { ticket: secret },
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
      isTyped: true,
      enters: true,
    })}
    ${secret === undefined ? html`<p><a href="${to(action)}">${texts.say('page.ticket.again')}</a></p>` : ''}`,
  });
}

/** Not shown to whoever comes back: a second secret would be taken for the first. */
function newRequest(drawing: Drawing, secret: string): Markup {
  const { texts } = drawing;
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
