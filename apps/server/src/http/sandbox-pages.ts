import { toTimestamp } from '@recourse/protocol';
import type { Hono } from 'hono';
import { html } from 'hono/html';
import type { SentMail } from '../proofs/outbox.ts';
import type { HttpEnv, SandboxServices } from './context.ts';
import { wantsHtml } from './documents.ts';
import { time, type Markup } from './markup.ts';
import { page } from './page.ts';

/** `/sandbox`: cases to open, and `/sandbox/outbox`: the messages that were sent nowhere. Invented, all of it. */
export function sandboxPages(app: Hono<HttpEnv>, sandbox: SandboxServices): void {
  app.get('/sandbox', (c) =>
    wantsHtml(c) ? c.html(overview(sandbox)) : c.json({ cases: sandbox.cases }),
  );
  const { outbox } = sandbox;
  if (!outbox) return;
  app.get('/sandbox/outbox', (c) =>
    wantsHtml(c)
      ? c.html(outboxPage(outbox.list()))
      : c.json({ mails: outbox.list().map((mail) => ({ ...mail, at: toTimestamp(mail.at) })) }),
  );
}

function overview({ cases, outbox, clock }: SandboxServices): Markup {
  return page(
    'Sandbox – Recourse',
    html`<h1>Sandbox</h1>
      <p>Everything here is invented. Its clock says ${time(clock.now())}.</p>
      <h2>Sample cases</h2>
      <p>Each link is what the notice to that creator would hold.</p>
      <ul>
        ${cases.map(
          ({ label, platform, code }) =>
            html`<li>
              <a href="/case#${code}">${label}</a>, by ${platform} <br /><code class="soft"
                >${code}</code
              >
            </li>`,
        )}
      </ul>
      ${
        outbox
          ? html`<h2>Mails and text messages</h2>
              <p><a href="/sandbox/outbox">What would have been sent</a></p>`
          : ''
      }`,
  );
}

const outboxPage = (mails: readonly SentMail[]): Markup =>
  page(
    'Outbox – Recourse',
    html`<h1>Outbox</h1>
      <p>A sandbox writes to nobody. These would have been sent, the newest first.</p>
      ${mails.length === 0 ? html`<p>None yet.</p>` : ''}
      ${mails.map(
        ({ channel, to, subject, text, at }) =>
          html`<h2>${channel === 'sms' ? 'Text message' : subject}</h2>
            <p class="soft">To <bdi>${to}</bdi>, ${time(at)}</p>
            <p class="quote">${text}</p>`,
      )}
      <p><a href="/sandbox">Sample cases</a></p>`,
  );
