import { findableKinds, type CaseOutput } from '@recourse/protocol';
import { html } from 'hono/html';
import { deadline, linkTo, say, type Markup } from '../markup.ts';
import { errorSummary, form, newKeyField, textArea, textField, type Drawing } from './forms.ts';
import { creatorPage } from './languages.ts';

/** First step: which identifier. Its form says what kind it is. */
export function findPage(drawing: Drawing): Markup {
  const { texts, to } = drawing;
  const action = '/case/find';
  return creatorPage(drawing, {
    title: texts.say('page.find.title'),
    switch: 'form',
    body: html`${errorSummary(drawing)}
      <p>${texts.say('page.find.intro')}</p>
      ${form(drawing, {
        action,
        fields: textField(drawing, {
          action,
          name: 'identifier',
          label: texts.say('page.find.identifier'),
          hint: texts.say('page.find.hint'),
          most: 320,
        }),
        submit: texts.say('page.find.submit'),
        isTyped: true,
      })}
      <dl>
        ${findableKinds.map(
          (kind) =>
            html`<dt>${texts.say(`page.find.${kind}`)}</dt>
              <dd>${texts.say(`page.find.${kind}.more`)}</dd>`,
        )}
      </dl>
      <p>
        ${say(texts, 'page.find.other', { t: linkTo(to('/case/ticket')), o: linkTo(to('/case')) })}
      </p>`,
  });
}

export interface AskedProof {
  readonly kind: string;
  readonly identifier: string;
  readonly find: string;
  readonly expiresAt: string;
  readonly proof: CaseOutput<'case.find'>['proof'];
}

/** Answer of the first step, as the second step carries it: under a seal, as its words are those of the registry. */
export interface CarriedProof {
  readonly asked: AskedProof;
  readonly text: string;
  readonly seal: string;
}

/** Second step: the proof. */
export function provePage(drawing: Drawing, { asked, text, seal }: CarriedProof): Markup {
  const { texts, to } = drawing;
  const action = '/case/prove';
  return creatorPage(drawing, {
    title: texts.say('page.prove.title'),
    switch: 'form',
    leaves: true,
    body: html`${errorSummary(drawing)} ${instructions(drawing, asked)}
      <p>${say(texts, 'page.prove.until', { at: deadline(asked.expiresAt, drawing) })}</p>
      ${form(drawing, {
        action,
        hidden: { asked: text, seal },
        fields: [newKeyField(drawing), proofField(drawing, asked)],
        submit: texts.say('page.prove.submit'),
        isTyped: true,
        enters: true,
      })}
      <p><a href="${to('/case/find')}">${texts.say('page.prove.again')}</a></p>`,
  });
}

function instructions({ texts }: Drawing, { proof, identifier }: AskedProof): Markup {
  if (proof.by === 'mailed-code' || proof.by === 'texted-code') {
    const shown = html`<bdi>${identifier}</bdi>`;
    const key = proof.by === 'mailed-code' ? 'page.prove.mailed' : 'page.prove.texted';
    return html`<p>${say(texts, key, { identifier: shown })}</p>`;
  }
  return proof.by === 'dns'
    ? html`<p>${texts.say('page.prove.dns')}</p>
        <dl>
          <dt>${texts.say('page.prove.dns.name')}</dt>
          <dd><code>${proof.name}</code></dd>
          <dt>${texts.say('page.prove.dns.value')}</dt>
          <dd><code>${proof.value}</code></dd>
        </dl>`
    : html`<p>${texts.say('page.prove.sign')}</p>
        <pre class="quote">${proof.message}</pre>`;
}

function proofField(drawing: Drawing, { proof }: AskedProof): Markup {
  const { texts } = drawing;
  const field = { action: '/case/prove', name: 'proof', most: 300 };
  if (proof.by === 'dns') return html``;
  return proof.by !== 'signature'
    ? textField(drawing, { ...field, label: texts.say('page.prove.code') })
    : textArea(drawing, { ...field, label: texts.say('page.prove.signature') });
}
