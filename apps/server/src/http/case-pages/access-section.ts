import { accessKinds, newCaseSecret, type CaseView } from '@recourse/protocol';
import { html } from 'hono/html';
import { say, strong, day, type Markup } from '../markup.ts';
import { choiceField, errorSummary, form, newKeyField, textField, type Drawing } from './forms.ts';
import { creatorPage } from './languages.ts';
import { acts, isInPerson, type ShownCase } from './shown-case.ts';

type Other = NonNullable<CaseView['others']>[number];

/** Whom a claimant let in, since when, and how that ends. */
export function accessSection(shown: ShownCase): Markup {
  const { texts, view } = shown;
  if (!acts(shown)) return html``;
  return html`<h2 id="access">${texts.say('page.access.title')}</h2>
    <p>${texts.say(isInPerson(shown) ? 'page.access.more' : 'page.access.you')}</p>
    ${(view.others ?? []).map((one) => oneOther(shown, one))}
    ${isInPerson(shown) ? inviteForm(shown) : ''}`;
}

function oneOther(shown: ShownCase, one: Other): Markup {
  const { texts, secret } = shown;
  const isOver = one.endedAt !== undefined;
  const stays = one.as === 'guardian' && one.since !== undefined;
  const mayEnd = !isOver && !stays;
  return html`<p>${lineOf(shown, one)}</p>
    ${
      mayEnd
        ? form(shown, {
            action: '/case/access/end',
            hidden: { key: secret, place: String(one.place), ...(one.own ? { own: 'yes' } : {}) },
            submit: texts.say(one.own ? 'page.access.leave' : 'page.access.end'),
            isQuiet: true,
          })
        : ''
    }`;
}

function lineOf({ texts }: ShownCase, one: Other): Markup {
  const [key, at] = one.endedAt
    ? (['page.access.over', one.endedAt] as const)
    : one.since
      ? (['page.access.since', one.since] as const)
      : (['page.access.invited', one.inviteUntil ?? one.invitedAt] as const);
  return say(texts, key, {
    name: html`<bdi>${one.name}</bdi>`,
    as: texts.say(`access.${one.as}`),
    at: day(at, texts),
  });
}

function inviteForm(shown: ShownCase): Markup {
  const { texts, secret } = shown;
  const action = '/case/access/invite';
  return form(shown, {
    action,
    // Made here, and shown on the next page alone; a second click shows the same.
    hidden: { key: secret, code: newCaseSecret(shown.random) },
    fields: [
      textField(shown, { action, name: 'name', label: texts.say('page.access.name'), most: 80 }),
      choiceField(shown, {
        action,
        name: 'as',
        label: texts.say('page.access.as'),
        value: 'representative',
        choices: accessKinds
          .filter((kind) => kind === 'representative' || shown.view.facts.isMinor === true)
          .map((value) => ({
            value,
            title: texts.say(`access.${value}`),
            more: texts.say(`access.${value}.more`),
          })),
      }),
    ],
    submit: texts.say('page.access.invite'),
    isQuiet: true,
  });
}

/** The code of an invitation, shown once. */
export function invitedPage(
  drawing: Drawing,
  of: { key: string; code: string; name: string; expiresAt: string; origin: string },
): Markup {
  const { texts } = drawing;
  return creatorPage(drawing, {
    title: texts.say('page.invited.title'),
    script: false,
    body: html`<p role="status" class="note good">
        ${say(texts, 'page.invited.give', {
          b: strong,
          name: html`<bdi>${of.name}</bdi>`,
          at: day(of.expiresAt, texts),
        })}
      </p>
      <pre class="quote key"><code>${of.code}</code></pre>
      <p>
        ${say(texts, 'page.invited.where', { address: html`<code>${of.origin}/case/accept</code>` })}
      </p>
      ${form(drawing, { action: '/case', hidden: { code: of.key }, submit: texts.say('trouble.back') })}`,
  });
}

/** Where whoever was invited gets a key of their own. */
export function acceptPage(drawing: Drawing): Markup {
  const { texts } = drawing;
  const action = '/case/accept';
  return creatorPage(drawing, {
    title: texts.say('page.accept.title'),
    switch: { path: action },
    body: html`${errorSummary(drawing)}
      <p>${texts.say('page.accept.more')}</p>
      ${form(drawing, {
        action,
        fields: [
          newKeyField(drawing),
          textField(drawing, {
            action,
            name: 'code',
            label: texts.say('page.accept.code'),
            most: 400,
          }),
        ],
        submit: texts.say('page.accept.submit'),
        enters: true,
      })}`,
  });
}
