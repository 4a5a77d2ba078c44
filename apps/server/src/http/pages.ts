import { clientFaults, isProblemCode, problemCodes, textOfCode } from '@recourse/protocol';
import type { Hono } from 'hono';
import { html } from 'hono/html';
import { notFound } from './answers.ts';
import { languageOf, type Linking } from './choose-language.ts';
import type { HttpContext, HttpEnv, HttpServices } from './context.ts';
import { problemDocument, wantsHtml, type KnownCode } from './documents.ts';
import type { Markup } from './markup.ts';
import { page } from './page.ts';
import { style } from './style.ts';
import { taxonomyPage } from './taxonomy-page.ts';

/** The pages for people: what this is, and what a problem means. */
export function pages(app: Hono<HttpEnv>, http: HttpServices): void {
  app.get('/', (c) => c.html(landing(http, languageOf(c))));
  app.get('/style.css', (c) => c.body(style, 200, { 'Content-Type': 'text/css; charset=utf-8' }));
  app.get('/taxonomy', (c) => c.html(taxonomyPage(languageOf(c))));
  app.get('/problems', (c) => c.html(problemList(languageOf(c))));
  app.get('/problems/:code', (c) => problem(c, http));
}

const sandbox = html`<p class="note">
  <strong>This is a sandbox.</strong> Its platforms, people and records are invented, its clock can
  be moved, and what it signs is worthless anywhere else.
  <a href="/sandbox">Open its desks and sample cases</a>.
</p>`;

const forPrograms = ({ to }: Linking): Markup =>
  html`<h2>For programs</h2>
    <ul>
      <li>
        <a href="/.well-known/recourse">This registry</a> and its announced keys;
        <a href="/.well-known/jwks.json">as a JWK set</a>
      </li>
      <li>
        Signed calls: <code>POST /call/&lt;operation&gt;</code>,
        <code>Content-Type: application/jose</code>; each operation is
        <a href="${to('/docs/api')}">described here</a>, in <a href="/openapi.json">OpenAPI</a> and
        at
        <code>/schemas/&lt;operation&gt;.json</code>
      </li>
      <li><a href="/healthz">Health</a> and <a href="/readyz">readiness</a></li>
    </ul>`;

function landing({ config }: HttpServices, linking: Linking): Markup {
  const { to } = linking;
  return page(
    'Recourse',
    html`<h1>Recourse</h1>
      <p>
        A registry that platforms share. A trust team records that it has sanctioned a creator for
        abusive conduct; another platform asks at signup. Every call is signed and audited, and
        every record expires.
      </p>
      ${config.mode === 'sandbox' ? sandbox : ''}
      <h2>If you had a notice about a record</h2>
      <p>
        <a href="${to('/case')}">Open your case</a> with the code in it: read what is recorded and
        why, see who was told, and appeal to a reviewer who belongs to no platform concerned. You
        need no account, and it costs nothing. Without a code,
        <a href="${to('/case/find')}">find your cases</a> by proving an address that is yours.
      </p>
      <h2>For anyone</h2>
      <ul>
        <li>
          <a href="/parties">Who takes part</a>, and the keys of each party at
          <code>/parties/&lt;id&gt;/keys</code>
        </li>
        <li>
          <a href="${to('/governance')}">Governance</a>: who runs this, newcomers and leavers,
          demands of authorities, acts of the operator
        </li>
        <li>
          <a href="${to('/ledger')}">The public ledger</a>: what was done, checked in your browser
        </li>
        <li>
          <a href="${to('/transparency')}">Transparency</a>: what was recorded, appealed, decided
          and undone, in figures
        </li>
        <li>
          <a href="${to('/taxonomy')}">What can be recorded</a>: the closed list of reasons, what
          each is not, the proof it needs
        </li>
        <li>
          <a href="${to('/problems')}">Problems</a>: what each refusal means and what to do next
        </li>
      </ul>
      ${forPrograms(linking)}
      <p class="soft">${config.origin}</p>`,
    { to },
  );
}

/** For an address that leads nowhere. Nothing of it is shown again: whoever wrote the link chose it. */
export const strayPage = ({ to }: Linking): Markup =>
  page(
    'No such page – Recourse',
    html`<h1>There is no such page</h1>
      <p>The address may be mistyped, or the link may be cut off.</p>
      <ul>
        <li><a href="${to('/case')}">Open your case</a>, with the code of a notice or your key</li>
        <li><a href="${to('/case/find')}">Find your cases</a>, without a code</li>
        <li><a href="${to('/')}">What this registry is</a></li>
      </ul>`,
    { to },
  );

function problemList(linking: Linking): Markup {
  return page(
    'Problems – Recourse',
    html`<h1>Problems</h1>
      <h2>Refusals of this registry</h2>
      <ul>
        ${linksTo(problemCodes)}
      </ul>
      <h2>What a client finds out itself</h2>
      <ul>
        ${linksTo(clientFaults)}
      </ul>`,
    linking,
  );
}

const linksTo = (codes: Readonly<Record<string, { title: string }>>) =>
  Object.entries(codes).map(
    ([code, { title }]) =>
      html`<li>
        <a href="/problems/${code}"><code>${code}</code></a> <span class="soft">${title}</span>
      </li>`,
  );

/** The code is attacker-controlled: only those of the table are shown, and nothing else is echoed. */
function problem(c: HttpContext, { config }: HttpServices): Response | Promise<Response> {
  const code = c.req.param('code') ?? '';
  if (!isKnown(code)) return notFound(config.origin);
  if (!wantsHtml(c)) return c.json(problemDocument(code, config.origin));
  const { title, next } = textOfCode(code);
  const origin = isProblemCode(code)
    ? `HTTP status ${problemCodes[code].status}`
    : 'found by the client; the registry did not refuse';
  return c.html(
    page(
      `${code} – Recourse`,
      html`<h1>${title}</h1>
        <p class="soft"><code>${code}</code>, ${origin}</p>
        <h2>What to do next</h2>
        <p>${next}</p>
        <p><a href="/problems">All problems</a></p>`,
      languageOf(c),
    ),
  );
}

const isKnown = (code: string): code is KnownCode =>
  isProblemCode(code) || Object.hasOwn(clientFaults, code);
