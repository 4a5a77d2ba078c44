import { html } from 'hono/html';
import { say, day, type Markup } from '../markup.ts';
import { errorSummary, form, textField, type Drawing } from './forms.ts';
import { creatorPage } from './languages.ts';
import { acts, openAppealOf, type ShownCase } from './shown-case.ts';

/** An address for news of the case: left, confirmed, forgotten. */
export const contactSection = (shown: ShownCase): Markup =>
  acts(shown) ? contactForms(shown) : html``;

/** The same beside an appeal, while nothing goes to an address: that is when there will be news. */
export function contactOffer(shown: ShownCase): Markup {
  const isWaiting = shown.view.contact?.state !== 'confirmed';
  if (!shown.hasMail || !isWaiting || openAppealOf(shown)?.joined !== true) return html``;
  return html`<section aria-labelledby="contact">${contactForms(shown)}</section>`;
}

/** They come before all else where an appeal was just sent, or an address could not be taken. */
export const isOfferedFirst = ({ said, refused }: ShownCase): boolean =>
  said !== undefined || refused?.action.startsWith('/case/contact') === true;

const contactForms = (shown: ShownCase): Markup =>
  html`<h2 id="contact">${shown.texts.say('page.contact.title')}</h2>
    ${shown.view.contact ? leftContact(shown, shown.view.contact) : leaveForm(shown)}`;

/** Every form of an address leads back to the page that it stands on. */
const hiddenIn = ({ secret, part }: ShownCase): Record<string, string> => ({ key: secret, part });

function leaveForm(shown: ShownCase): Markup {
  const { texts } = shown;
  const action = '/case/contact';
  return html`<p>${texts.say('page.contact.more')}</p>
    ${form(shown, {
      action,
      hidden: hiddenIn(shown),
      fields: textField(shown, {
        action,
        name: 'email',
        label: texts.say('page.contact.email'),
        most: 254,
      }),
      submit: texts.say('page.contact.submit'),
      isTyped: true,
      isAside: shown.part === 'appeal',
      isQuiet: true,
    })}`;
}

function leftContact(shown: ShownCase, contact: NonNullable<ShownCase['view']['contact']>): Markup {
  const { texts } = shown;
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
      hidden: hiddenIn(shown),
      submit: texts.say('page.contact.remove'),
      isQuiet: true,
    })}`;
}

function confirmForm(shown: ShownCase): Markup {
  const { texts } = shown;
  const action = '/case/contact/confirm';
  return form(shown, {
    action,
    hidden: hiddenIn(shown),
    fields: textField(shown, {
      action,
      name: 'code',
      label: texts.say('page.contact.code'),
      most: 40,
    }),
    submit: texts.say('page.contact.confirm'),
    isTyped: true,
    isAside: shown.part === 'appeal',
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
