import { reasons, toTimestamp } from '@recourse/protocol';
import { problemOf } from '@recourse/registry';
import type { Hono } from 'hono';
import { html } from 'hono/html';
import type { SentMail } from '../proofs/outbox.ts';
import type { SampleCase } from '../sandbox/sample-cases.ts';
import { samplePeople, type SamplePerson } from '../sandbox/sample-people.ts';
import type { SandboxServices } from '../sandbox/sandbox-services.ts';
import { languageOf, type Linking } from './choose-language.ts';
import { problemAnswer } from './answers.ts';
import type { HttpContext, HttpEnv, HttpServices } from './context.ts';
import { fillingPart } from './sandbox-filling-pages.ts';
import { wantsHtml } from './documents.ts';
import { time, type Markup } from './markup.ts';
import { page } from './page.ts';

/** As everywhere, but for forms to this registry. */
const policy =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const answer = (c: HttpContext, body: Markup) =>
  c.html(body, 200, { 'Content-Security-Policy': policy });

/** `/sandbox`: people, cases, a clock and a story to click through; `/sandbox/outbox`: what was sent nowhere. Invented, all of it. */
export function sandboxPages(
  app: Hono<HttpEnv>,
  { config }: HttpServices,
  sandbox: SandboxServices,
): void {
  app.get('/sandbox', async (c) => {
    if (!wantsHtml(c)) {
      const cases = sandbox.cases.map(({ label, platform, code }) => ({ label, platform, code }));
      return c.json({ cases });
    }
    try {
      const filling = fillingPart(await sandbox.filling.state());
      return answer(c, overview(sandbox, filling, languageOf(c)));
    } catch (error) {
      return problemAnswer(problemOf(error), config.origin);
    }
  });
  const { outbox } = sandbox;
  if (!outbox) return;
  app.get('/sandbox/outbox', (c) =>
    wantsHtml(c)
      ? answer(c, outboxPage(outbox.list(), languageOf(c)))
      : c.json({ mails: outbox.list().map((mail) => ({ ...mail, at: toTimestamp(mail.at) })) }),
  );
}

const overview = (
  { cases, outbox, clock, dataDir }: SandboxServices,
  filling: Markup,
  { to }: Linking,
): Markup =>
  page(
    'Sandbox – Recourse',
    html`<h1>Sandbox</h1>
      <div class="note">
        <p>
          <strong>Everything here is invented.</strong> It signs and seals as a real registry does,
          and writes to nobody. Its clock says ${time(clock.now())}.
        </p>
      </div>
      ${story(outbox !== undefined)} ${people()} ${agentDesk(dataDir)} ${filling}
      <h2 id="cases">Sample cases</h2>
      <p>What the notice to each creator would open. The code is in the notice.</p>
      ${cases.map((theCase) => sampleCase(theCase, to))} ${clockPart}
      ${
        outbox
          ? html`<h2 id="outbox">Mails and text messages</h2>
              ${newestMails(outbox.list())}
              <p><a href="${to('/sandbox/outbox')}">All that would have been sent</a></p>`
          : ''
      }
      <h2>For programs</h2>
      <p>
        The keys of all parties are in <code>sandbox.json</code> of the data directory, for the
        command line. <code>POST /sandbox/clock</code> takes
        <code>{"advanceSeconds":86400}</code> as well.
      </p>`,
    { to },
  );

/** Tells what there is to see, in the order in which it happens. */
const story = (hasOutbox: boolean): Markup =>
  html`<h2>The story in ten steps</h2>
    <ol>
      <li>
        <a href="#people">Open Hanna’s desk</a>, record somebody with evidence, and have the
        registry write to them: the creator now has a code.
      </li>
      <li>
        ${hasOutbox ? html`Read the <a href="#outbox">mail to the creator</a>.` : 'Read the mail to the creator.'}
        It never says why.
      </li>
      <li>
        <a href="#clock">Move the clock</a> by three days: the hold is over, and checks answer.
      </li>
      <li>
        <a href="#people">Open Tom’s desk</a>, check the same person at signup, and report what you
        did.
      </li>
      <li>
        Open the case as the creator, with the code in the mail, get your own key, and appeal.
      </li>
      <li>
        <a href="#people">Open Ines’s desk</a>, and take the next case: her key is what evidence is
        sealed to.
      </li>
      <li>Back at Hanna’s desk, deliver the evidence to her.</li>
      <li>At Ines’s desk, read both sides, and decide.</li>
      <li>Tom’s desk has a recall: undo what the check led to, and acknowledge it.</li>
      <li>Open the case again with your key: who was told, what they undid, and a letter.</li>
    </ol>`;

const people = (): Markup =>
  html`<h2 id="people">People</h2>
    <p>
      Each button makes an invite that is used once, and opens the desk of that person in this
      browser.
    </p>
    ${Object.entries(parties).map(
      ([party, name]) =>
        html`<h3>${name}</h3>
          ${samplePeople.filter(({ label }) => label.startsWith(`${party}/`)).map(samplePerson)}`,
    )}`;

const parties = {
  harbour: 'Harbour',
  tubely: 'Tubely',
  marketo: 'Marketo',
  panel: 'Review panel',
  operator: 'Operators',
} as const;

const samplePerson = ({ label, name, role, about }: SamplePerson): Markup =>
  html`<form method="post" action="/sandbox/desk" class="row">
    <input type="hidden" name="person" value="${label}" />
    <p><strong>${name}</strong>, ${role}<br /><span class="soft">${about}</span></p>
    <button>Open the desk of ${name}</button>
  </form>`;

/** A process beside this server: it serves the same desks from a platform's own machine. */
const agentDesk = (dataDir: string): Markup =>
  html`<h3>The desk of an agent</h3>
    <p>
      A platform may serve the desk from its own machine. Start Tubely’s agent in the folder of the
      repository, and open http://localhost:4810/desk/:
    </p>
    <p>
      <code>npm run agent -- --sandbox ${dataDir} --as Tubely --state ${dataDir}/agent --desk</code>
    </p>`;

const sampleCase = (
  { label, platform, reason, account, code }: SampleCase,
  to: Linking['to'],
): Markup =>
  html`<form method="post" action="${to('/case')}" class="row">
    <input type="hidden" name="code" value="${code}" />
    <p>
      <strong>${reasons[reason].texts.en.title}</strong>, by ${platform}<br /><span class="soft"
        >${account}</span
      ><br /><code>${code}</code>
    </p>
    <button class="quiet" data-case="${label}">Open the case “${label}”</button>
  </form>`;

const day = 86_400;
const leaps = [
  ['One hour', 3600, 'for a mail that is tried again'],
  ['One day', day, 'for a draft that nobody confirmed'],
  ['Three days', 3 * day, 'for a hold'],
  ['Seven days', 7 * day, 'for evidence that is due'],
  ['Thirty days', 30 * day, 'for a decision that is due'],
] as const;

const clockPart = html`<h2 id="clock">The clock</h2>
  <p>It goes forward only. What falls due on the way is done at once.</p>
  <form method="post" action="/sandbox/clock" class="leaps">
    ${leaps.map(
      ([title, seconds, what]) =>
        html`<p>
          <button class="quiet" name="advanceSeconds" value="${seconds}">${title}</button>
          <span class="soft">${what}</span>
        </p>`,
    )}
  </form>`;

const newestShown = 3;

const newestMails = (mails: readonly SentMail[]): Markup =>
  mails.length === 0
    ? html`<p>None yet.</p>`
    : html`<ul>
        ${mails.slice(0, newestShown).map(
          ({ channel, to, subject, at }) =>
            html`<li>
              ${channel === 'sms' ? 'Text message' : subject}<br /><span class="soft"
                >to <bdi>${to}</bdi>, ${time(at)}</span
              >
            </li>`,
        )}
      </ul>`;

const outboxPage = (mails: readonly SentMail[], { to }: Linking): Markup =>
  page(
    'Outbox – Recourse',
    html`<h1>Outbox</h1>
      <p>A sandbox writes to nobody. These would have been sent, the newest first.</p>
      ${mails.length === 0 ? html`<p>None yet.</p>` : ''}
      ${mails.map(
        ({ channel, to: address, subject, text, at }) =>
          html`<h2>${channel === 'sms' ? 'Text message' : subject}</h2>
            <p class="soft">To <bdi>${address}</bdi>, ${time(at)}</p>
            <p class="quote">${text}</p>`,
      )}
      <p><a href="${to('/sandbox')}">Back to the sandbox</a></p>`,
    { to },
  );
