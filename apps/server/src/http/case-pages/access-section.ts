import { accessKinds, newCaseSecret, type CaseView } from '@recourse/protocol';
import { html } from 'hono/html';
import { say, strong, day, type Markup } from '../markup.ts';
import { choiceField, errorSummary, form, newKeyField, textField, type Drawing } from './forms.ts';
import { creatorPage } from './languages.ts';
import { acts, isInPerson, type ShownCase } from './shown-case.ts';

type Other = NonNullable<CaseView['others']>[number];

/** Lists whom a claimant let in, since when, and how that ends. */
export function accessSection(shown: ShownCase): Markup {
  const { texts, view } = shown;
  if (!acts(shown)) return html``;
  return html`<h2 id="access">${texts.say('page.access.title')}</h2>
    <p>${texts.say(isInPerson(shown) ? 'page.access.more' : 'page.access.you')}</p>
    ${(view.others ?? []).map((other) => oneOther(shown, other))}
    ${isInPerson(shown) ? inviteForm(shown) : ''}`;
}

function oneOther(shown: ShownCase, other: Other): Markup {
  const { texts, secret } = shown;
  const isOver = other.endedAt !== undefined;
  const stays = other.as === 'guardian' && other.since !== undefined;
  const mayEnd = !isOver && !stays;
  return html`<p>${lineOf(shown, other)}</p>
    ${
      mayEnd
        ? form(shown, {
            action: '/case/access/end',
            hidden: {
              key: secret,
              place: String(other.place),
              ...(other.own ? { own: 'yes' } : {}),
            },
            submit: texts.say(other.own ? 'page.access.leave' : 'page.access.end'),
            isQuiet: true,
          })
        : ''
    }`;
}

function lineOf({ texts }: ShownCase, other: Other): Markup {
  const [key, at] = other.endedAt
    ? (['page.access.over', other.endedAt] as const)
    : other.since
      ? (['page.access.since', other.since] as const)
      : (['page.access.invited', other.inviteUntil ?? other.invitedAt] as const);
  return say(texts, key, {
    name: html`<bdi>${other.name}</bdi>`,
    as: texts.say(`access.${other.as}`),
    at: day(at, texts),
  });
}

function inviteForm(shown: ShownCase): Markup {
  const { texts, secret } = shown;
  const action = '/case/access/invite';
  return form(shown, {
    action,
    // Made here, and shown on the next page alone; a second click shows the same.
    hidden: { key: secret, invitation: newCaseSecret(shown.random) },
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
    isTyped: true,
    isQuiet: true,
  });
}

/** The code of an invitation, shown once. */
export function invitedPage(
  drawing: Drawing,
  invitation: { key: string; code: string; name: string; expiresAt: string; origin: string },
): Markup {
  const { texts } = drawing;
  return creatorPage(drawing, {
    title: texts.say('page.invited.title'),
    script: false,
    leaves: true,
    body: html`<p role="status" class="note good">
        ${say(texts, 'page.invited.give', {
          b: strong,
          name: html`<bdi>${invitation.name}</bdi>`,
          at: day(invitation.expiresAt, texts),
        })}
      </p>
      <pre class="quote key"><code>${invitation.code}</code></pre>
      <p>
        ${say(texts, 'page.invited.where', { address: html`<code>${invitation.origin}/case/accept</code>` })}
      </p>
      ${form(drawing, { action: '/case', hidden: { code: invitation.key }, submit: texts.say('trouble.back') })}`,
  });
}

/** Where whoever was invited gets a key of their own. */
export function acceptPage(drawing: Drawing): Markup {
  const { texts } = drawing;
  const action = '/case/accept';
  return creatorPage(drawing, {
    title: texts.say('page.accept.title'),
    switch: 'form',
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
        isTyped: true,
        enters: true,
      })}`,
  });
}
