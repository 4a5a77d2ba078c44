import { html } from 'hono/html';
import { linkTo, say, type Markup } from '../markup.ts';
import { errorSummary, form, textField, type Drawing } from './forms.ts';
import { creatorPage } from './languages.ts';

/** Where a case is opened: by the link in a notice, or by pasting the code. */
export function openPage(drawing: Drawing): Markup {
  const { texts, to } = drawing;
  const action = '/case';
  return creatorPage(drawing, {
    title: texts.say('page.open.title'),
    switch: 'form',
    body: html`${errorSummary(drawing)}
      <p>${texts.say('page.open.intro')}</p>
      ${form(drawing, {
        action,
        fields: textField(drawing, {
          action,
          name: 'code',
          label: texts.say('page.open.code'),
          hint: texts.say('page.open.hint'),
          most: 400,
        }),
        submit: texts.say('page.open.submit'),
        isTyped: true,
      })}
      <h2>${texts.say('page.open.without')}</h2>
      <ul>
        <li>${say(texts, 'page.open.find', { a: linkTo(to('/case/find')) })}</li>
        <li>${say(texts, 'page.open.ticket', { a: linkTo(to('/case/ticket')) })}</li>
        <li>${say(texts, 'page.open.accept', { a: linkTo(to('/case/accept')) })}</li>
      </ul>
      <p class="soft">${say(texts, 'page.open.privacy', { a: linkTo(to('/')) })}</p>`,
  });
}
