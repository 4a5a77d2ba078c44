import { existsSync, readFileSync } from 'node:fs';
import { encodeVerifierKey, parseCheckpoint, parseNote } from '@recourse/ledger';
import { LedgerReader, listParties, readPolicies } from '@recourse/registry';
import type { Hono } from 'hono';
import { html } from 'hono/html';
import { languageOf, type Linking } from './choose-language.ts';
import type { HttpEnv, HttpServices } from './context.ts';
import { reading } from './documents.ts';
import type { Markup } from './markup.ts';
import { page } from './page.ts';

/** Facts that the page shows. The browser trusts none of it, and reads the log itself. */
interface LedgerDocument {
  readonly origin: string;
  readonly key: string;
  /** The signed checkpoint; none before the first */
  readonly note?: string;
  readonly threshold: number;
  readonly witnesses: readonly { readonly party: string; readonly key: string }[];
  readonly hasScript: boolean;
}

/** Built by `scripts/page-scripts.ts`, at the same place beside `src` and `dist`. */
const built = new URL('../../dist/scripts/ledger.js', import.meta.url);
/** One script of ours, which asks this registry and nobody else. */
const policy =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** `/ledger` for people: what the log is, and a script that checks it in the reader's browser. */
export function ledgerPage(app: Hono<HttpEnv>, http: HttpServices): void {
  const script = existsSync(built) ? readFileSync(built, 'utf8') : undefined;
  if (script !== undefined) {
    app.get('/ledger.js', (c) =>
      c.body(script, 200, { 'Content-Type': 'text/javascript; charset=utf-8' }),
    );
  }
  app.get('/ledger', (c) =>
    reading(http, 'pages', async () => {
      const document = await readLedger(http, script !== undefined);
      return c.html(drawn(document, languageOf(c)), 200, { 'Content-Security-Policy': policy });
    }),
  );
}

async function readLedger(
  { services, config, noteKey }: HttpServices,
  hasScript: boolean,
): Promise<LedgerDocument> {
  const { db } = services;
  const [note, policies, parties] = await Promise.all([
    new LedgerReader(db).checkpoint(),
    readPolicies(db),
    listParties(db, services.clock()),
  ]);
  const names = new Map<string, string>(parties.map(({ party, name }) => [party, name]));
  const { threshold = 0, witnesses = [] } = policies.at(-1)?.detail ?? {};
  return {
    origin: config.origin,
    key: encodeVerifierKey(noteKey),
    ...(note === undefined ? {} : { note }),
    threshold,
    witnesses: witnesses.map(({ party, key }) => ({ party: names.get(party) ?? party, key })),
    hasScript,
  };
}

const drawn = (ledger: LedgerDocument, { to }: Linking): Markup =>
  page(
    'The public ledger – Recourse',
    html`<h1>The public ledger</h1>
      <div class="note" id="checked" role="status">
        <p>
          Nothing on this page was checked yet. With script your browser checks it here; without,
          use
          <a href="#check">the command line</a>.
        </p>
      </div>
      <p>
        Everything that this registry does leaves an entry in a log that only grows. Nobody can take
        an entry out or change it unseen: whoever kept an earlier checkpoint would notice. An entry
        names nobody. A record in it is a salted hash, which only those can open who were told.
      </p>
      ${newest(ledger)} ${cosigners(ledger)} ${byCommand(ledger)}
      <h2>What this page cannot tell you</h2>
      <ul>
        <li>
          The page and its script come from the registry. A registry that lies could send you a
          script that lies. The command line comes from elsewhere.
        </li>
        <li>
          The key and the list of witnesses are the registry’s own word here. An invite pins both,
          and the command line goes on from there.
        </li>
        <li>
          Your browser checks signatures, and that the log begins with what it saw before. It does
          not read every entry. <code>recourse ledger verify</code> does.
        </li>
      </ul>
      <p>
        Who witnesses, and who may do what, is at <a href="${to('/governance')}">Governance</a>.
      </p>`,
    { to, ...(ledger.hasScript ? { scripts: ['/ledger.js'] } : {}) },
  );

function newest({ note, key }: LedgerDocument): Markup {
  if (note === undefined) {
    return html`<h2>Newest checkpoint</h2>
      <p>None yet. The first is signed within a minute of the first entry.</p>`;
  }
  const { size } = parseCheckpoint(parseNote(note).text);
  return html`<h2>Newest checkpoint</h2>
    <dl class="facts">
      <dt>Entries</dt>
      <dd>${size.toLocaleString('en')}</dd>
      <dt>Key of the log</dt>
      <dd><code>${key}</code></dd>
    </dl>
    <details>
      <summary>The checkpoint as it is signed</summary>
      <pre>${note}</pre>
    </details>
    <p><a href="/ledger/checkpoint">The newest one as a file</a>, for programs.</p>`;
}

const cosigners = ({ witnesses, threshold }: LedgerDocument): Markup =>
  html`<h2>Witnesses</h2>
    <p>
      A witness signs a checkpoint only if it continues the last one that it signed. So nobody can
      be shown another log than everybody else.
    </p>
    ${
      witnesses.length === 0
        ? html`<p>Nobody witnesses this log yet.</p>`
        : html`<p>${threshold} of ${witnesses.length} have to cosign.</p>
            <table>
              <thead>
                <tr>
                  <th scope="col">Witness</th>
                  <th scope="col">Key</th>
                </tr>
              </thead>
              <tbody>
                ${witnesses.map(
                  ({ party, key }) =>
                    html`<tr>
                      <th scope="row"><bdi>${party}</bdi></th>
                      <td><code>${key}</code></td>
                    </tr>`,
                )}
              </tbody>
            </table>`
    }`;

const byCommand = ({ origin, key }: LedgerDocument): Markup =>
  html`<h2 id="check">Check all of it by the command line</h2>
    <p>
      Take the key from an invite or from somebody you trust, and compare it with the one below. The
      command reads every entry, without an account.
    </p>
    <pre><code>recourse ledger verify --registry ${origin} --key ${key}</code></pre>
    <p>
      <code>recourse ledger watch</code> goes on checking, and <code>recourse ledger mirror</code>
      keeps a copy. The files are C2SP tlog-tiles, which other programs read as well.
    </p>`;
