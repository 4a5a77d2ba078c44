import type { CaseOutput } from '@recourse/protocol';
import { html } from 'hono/html';
import { time, type Markup } from '../markup.ts';
import { page } from '../page.ts';
import {
  choiceField,
  errorSummary,
  form,
  newKeyField,
  textArea,
  textField,
  type Drawing,
} from './forms.ts';

const kinds = [
  { value: 'email', title: 'An email address', more: 'We mail a code to it.' },
  { value: 'domain', title: 'A domain name', more: 'You add a DNS record.' },
  {
    value: 'wallet',
    title: 'A wallet',
    more: 'You sign a message. Written with its chain: eip155:1:0x…',
  },
];

/** First step: which identifier. */
export function findPage(drawing: Drawing): Markup {
  const action = '/case/find';
  return page(
    'Find your cases – Recourse',
    html`<h1>Find your cases</h1>
      ${errorSummary(drawing)}
      <p>
        Prove that an address, a domain or a wallet is yours, and every case about it opens. Nothing
        is looked up before you have proved it, and what you type is not kept.
      </p>
      ${form(drawing, {
        action,
        fields: [
          choiceField(drawing, {
            action,
            name: 'kind',
            label: 'What do you want to prove?',
            choices: kinds,
          }),
          textField(drawing, {
            action,
            name: 'identifier',
            label: 'The address, domain or wallet',
            hint: 'For example you@example.org, or example.org.',
            most: 320,
          }),
        ],
        submit: 'Go on',
      })}
      <p>
        For an account or an IBAN, <a href="/case/ticket">a platform has to vouch for you</a>. If
        you have a code, <a href="/case">open the case with it</a>.
      </p>`,
    { script: true },
  );
}

export interface AskedProof {
  readonly kind: string;
  readonly identifier: string;
  readonly find: string;
  readonly expiresAt: string;
  readonly proof: CaseOutput<'case.find'>['proof'];
}

/** What the first step answered, as the second step carries it: under a seal, as its words are those of the registry. */
export interface CarriedProof {
  readonly asked: AskedProof;
  readonly text: string;
  readonly seal: string;
}

/** Second step: the proof. */
export function provePage(drawing: Drawing, { asked, text, seal }: CarriedProof): Markup {
  const action = '/case/prove';
  return page(
    'Prove that it is yours – Recourse',
    html`<h1>Prove that it is yours</h1>
      ${errorSummary(drawing)} ${instructions(asked)}
      <p>This works until ${time(asked.expiresAt)}.</p>
      ${form(drawing, {
        action,
        hidden: { asked: text, seal },
        fields: [newKeyField(drawing), proofField(drawing, asked)],
        submit: 'Show my cases',
      })}
      <p><a href="/case/find">Begin again</a></p>`,
    { script: true },
  );
}

function instructions({ proof, identifier }: AskedProof): Markup {
  if (proof.by === 'mailed-code') {
    return html`<p>
      We mail a code to <bdi>${identifier}</bdi>, if mail reaches it. Look into the spam folder too.
      That a mail comes does not mean that there is a case. If none comes, too many may have been
      asked for this address: try again in an hour, or find the case by another identifier.
    </p>`;
  }
  return proof.by === 'dns'
    ? html`<p>Add this TXT record, then come back to this page:</p>
        <dl>
          <dt>Name</dt>
          <dd><code>${proof.name}</code></dd>
          <dt>Value</dt>
          <dd><code>${proof.value}</code></dd>
        </dl>`
    : html`<p>Sign exactly this text with your wallet:</p>
        <pre class="quote">${proof.message}</pre>`;
}

function proofField(drawing: Drawing, { proof }: AskedProof): Markup {
  const field = { action: '/case/prove', name: 'proof', most: 300 };
  if (proof.by === 'dns') return html``;
  return proof.by === 'mailed-code'
    ? textField(drawing, { ...field, label: 'Code from the mail' })
    : textArea(drawing, { ...field, label: 'Signature' });
}
