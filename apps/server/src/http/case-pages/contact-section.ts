import { html } from 'hono/html';
import { say, day, type Markup } from '../markup.ts';
import { errorSummary, form, textField, type Drawing } from './forms.ts';
import { creatorPage } from './languages.ts';
import { acts, type ShownCase } from './shown-case.ts';

/** An address for news of the case: left, confirmed, forgotten. */
export function contactSection(shown: ShownCase): Markup {
  const { texts, view } = shown;
  if (!acts(shown)) return html``;
  return html`<h2 id="contact">${texts.say('page.contact.title')}</h2>
    ${view.contact ? leftContact(shown, view.contact) : leaveForm(shown)}`;
}

function leaveForm(shown: ShownCase): Markup {
  const { texts, secret } = shown;
  const action = '/case/contact';
  return html`<p>${texts.say('page.contact.more')}</p>
    ${form(shown, {
      action,
      hidden: { key: secret },
      fields: textField(shown, {
        action,
        name: 'email',
        label: texts.say('page.contact.email'),
        most: 254,
      }),
      submit: texts.say('page.contact.submit'),
      isTyped: true,
      isQuiet: true,
    })}`;
}

function leftContact(shown: ShownCase, contact: NonNullable<ShownCase['view']['contact']>): Markup {
  const { texts, secret } = shown;
  const address = html`<bdi>${contact.address}</bdi>`;
  const isConfirmed = contact.state === 'confirmed';
  return html`<p>
      ${
        isConfirmed
          ? say(texts, 'page.contact.confirmed', { address, at: day(contact.at, texts) })
          : say(texts, 'page.contact.unconfirmed', { address })
      }
      ${contact.failing ? texts.say('page.contact.failing') : ''}
    </p>
    ${isConfirmed ? '' : confirmForm(shown)}
    ${form(shown, {
      action: '/case/contact/remove',
      hidden: { key: secret },
      submit: texts.say('page.contact.remove'),
      isQuiet: true,
    })}`;
}

function confirmForm(shown: ShownCase): Markup {
  const { texts, secret } = shown;
  const action = '/case/contact/confirm';
  return form(shown, {
    action,
    hidden: { key: secret },
    fields: textField(shown, {
      action,
      name: 'code',
      label: texts.say('page.contact.code'),
      most: 40,
    }),
    submit: texts.say('page.contact.confirm'),
    isTyped: true,
  });
}

/** For whoever reads the mails, and need not have a key of the case. */
export function stopPage(drawing: Drawing): Markup {
  const { texts } = drawing;
  const action = '/case/stop';
  return creatorPage(drawing, {
    title: texts.say('page.stop.title'),
    switch: 'form',
    body: html`${errorSummary(drawing)}
      <p>${texts.say('page.stop.more')}</p>
      ${form(drawing, {
        action,
        fields: textField(drawing, {
          action,
          name: 'code',
          label: texts.say('page.stop.code'),
          most: 400,
        }),
        submit: texts.say('page.stop.submit'),
        isTyped: true,
      })}`,
  });
}

export const stoppedPage = (drawing: Drawing): Markup =>
  creatorPage(drawing, {
    title: drawing.texts.say('page.stop.done'),
    script: false,
    body: html`<p role="status" class="note good">${drawing.texts.say('page.stop.done.more')}</p>`,
  });
