import type { Hono } from 'hono';
import { html } from 'hono/html';
import { problemOf } from '@recourse/registry';
import type { FillingState } from '../sandbox/fill/sandbox-filling.ts';
import { appealsInAll, recordsInAll } from '../sandbox/fill/more-samples.ts';
import type { SandboxServices } from '../sandbox/sandbox-services.ts';
import { problemAnswer } from './answers.ts';
import { languageOf, type Linking } from './choose-language.ts';
import type { HttpEnv, HttpServices } from './context.ts';
import type { Markup } from './markup.ts';
import { page } from './page.ts';
import { isOfAnotherSite } from './same-site.ts';

const address = '/sandbox/fill';
const policy =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/** The page asks again by itself: it has no script. */
const againSeconds = 2;

/** `/sandbox/fill`: POST makes many records and appeals, once; GET shows how far that is. */
export function sandboxFillingPages(
  app: Hono<HttpEnv>,
  { config, log }: HttpServices,
  { filling }: SandboxServices,
): void {
  app.get(address, async (c) => {
    try {
      const state = await filling.state();
      const again = state.state === 'running' ? { Refresh: String(againSeconds) } : {};
      const headers = { 'Content-Security-Policy': policy, ...again };
      return c.html(fillingPage(state, languageOf(c)), 200, headers);
    } catch (error) {
      return problemAnswer(problemOf(error), config.origin);
    }
  });
  app.post(address, async (c) => {
    try {
      if (isOfAnotherSite(c, config.origin)) return c.redirect('/sandbox', 303);
      await filling.begin();
      return c.redirect(address, 303);
    } catch (error) {
      log.fault('sandbox filling', error);
      return problemAnswer(problemOf(error), config.origin);
    }
  });
}

/** Of `/sandbox`: the button, or what became of it. */
export const fillingPart = (filling: FillingState): Markup =>
  html`<h2 id="fill">Rows enough to look real</h2>
    ${says[filling.state](filling)}`;

const total = `${recordsInAll} records and ${appealsInAll} appeals`;

const button = (title: string): Markup =>
  html`<form method="post" action="${address}"><button class="quiet">${title}</button></form>`;

const says: Readonly<Record<FillingState['state'], (filling: FillingState) => Markup>> = {
  empty: () =>
    html`<p>
        Makes ${total} of the three platforms, as their analysts and creators would. It takes some
        seconds, or a minute on a busy machine, and is done once.
      </p>
      ${button('Fill the sandbox')}`,
  running: ({ records, appeals }) =>
    html`<p role="status">
        The sandbox fills: ${records} of ${recordsInAll} records, ${appeals} of ${appealsInAll}
        appeals. This page is loaded again every ${againSeconds} seconds.
      </p>
      <p><a href="${address}">Watch it</a></p>`,
  'cut-off': () =>
    html`<p role="status">Filling the sandbox stopped before it had made ${total}.</p>
      ${button('Go on filling')}`,
  filled: () =>
    html`<p role="status">
      The sandbox is filled: ${total} were made. Records without a notice wait for their analysts.
    </p>`,
};

const fillingPage = (filling: FillingState, { to }: Linking): Markup =>
  page(
    'Fill the sandbox – Recourse',
    html`<h1>Fill the sandbox</h1>
      ${says[filling.state](filling)}
      <p><a href="${to('/sandbox')}">Back to the sandbox</a></p>`,
    { to },
  );
