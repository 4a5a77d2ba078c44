import { problemOf } from '@recourse/registry';
import type { Hono } from 'hono';
import type { HttpContext, HttpEnv, HttpServices } from '../context.ts';
import { isOfAnotherSite } from '../same-site.ts';
import { probeCookies } from './addresses.ts';
import * as acts from './acts.ts';
import { confirmContact, leaveContact, removeContact, stopContact } from './contacting.ts';
import { isPlainForm, readForm, type Fields } from './creator-forms.ts';
import { Creator } from './creator.ts';
import { erase, erasing } from './erasing.ts';
import { find, prove, useTicket } from './finding.ts';
import { accept, endAccess, invite } from './giving-access.ts';
import { leave } from './leaving.ts';
import { checkLetter, letter } from './letters.ts';
import { addFile, isQuestion, keyFile, receipt } from './papers.ts';
import { photoScript } from './photo-script.ts';
import { script } from './script.ts';
import { showAt } from './show-at.ts';
import { openByForm } from './show-case.ts';
import { isSwitch, openPages, switchLanguage } from './switching.ts';

type Act = (creator: Creator, fields: Fields) => Promise<Response>;

const forms: Readonly<Record<string, Act>> = {
  '/case': openByForm,
  '/case/claim': acts.claim,
  '/case/number': acts.numberSince,
  '/case/appeal': acts.appeal,
  '/case/join': acts.join,
  '/case/add': acts.addInformation,
  '/case/withdraw': acts.withdraw,
  '/case/keep': acts.keep,
  '/case/rotate': acts.rotate,
  '/case/erasing': erasing,
  '/case/erase': erase,
  '/case/erasure/keep': acts.keepErasure,
  '/case/contact': leaveContact,
  '/case/contact/confirm': confirmContact,
  '/case/contact/remove': removeContact,
  '/case/stop': stopContact,
  '/case/access/invite': invite,
  '/case/access/end': endAccess,
  '/case/accept': accept,
  '/case/receipt': receipt,
  '/case/letter': letter,
  '/case/key': keyFile,
  '/case/leave': leave,
  '/case/find': find,
  '/case/prove': prove,
  '/case/ticket': useTicket,
  '/letter': checkLetter,
};

/**
 * The creator's pages: whole without script, a form each step. Secrets come in bodies and go out in hidden fields of
 * pages that nobody keeps: none is in a path, a query or a log, and in a cookie only under seal.
 */
export function casePages(app: Hono<HttpEnv>, http: HttpServices): void {
  app.get('/case.js', (c) =>
    c.body(script, 200, { 'Content-Type': 'text/javascript; charset=utf-8' }),
  );
  app.get('/photo.js', (c) =>
    c.body(photoScript, 200, { 'Content-Type': 'text/javascript; charset=utf-8' }),
  );
  for (const [path, draw] of Object.entries(openPages)) {
    app.get(path, (c) => {
      const creator = new Creator(http, c);
      if (path !== '/letter') probeCookies({ c, http, now: creator.drawing.now });
      return creator.page(draw(creator.drawing));
    });
  }
  for (const [path, act] of Object.entries(forms)) {
    app.post(path, (c) => answering(http, c, async (me) => actOrSwitch(me, act)));
  }
  app.post('/case/file', (c) =>
    answering(http, c, (me) =>
      isPlainForm(c) ? actOrSwitch(me, acts.addInformation) : addFile(me, http, c),
    ),
  );
  app.post('/case/answer/:question', (c) =>
    answering(http, c, async (me) => {
      const question = c.req.param('question');
      return isQuestion(question) ? actOrSwitch(me, acts.answer(question)) : me.restart();
    }),
  );
  app.get('/case/at/:handle/:step', (c) => showAt(http, c));
  // A step opened by its address alone, by a reload or from a history, has nothing to show.
  const steps = [
    ...Object.keys(forms).filter((path) => !Object.hasOwn(openPages, path)),
    '/case/file',
  ];
  for (const path of steps) app.get(path, (c) => new Creator(http, c).restart());
  app.get('/case/answer/:question', (c) => new Creator(http, c).restart());
}

async function actOrSwitch(creator: Creator, act: Act): Promise<Response> {
  const fields = await readForm(creator.c);
  return isSwitch(fields) ? switchLanguage(creator, fields) : act(creator, fields);
}

async function answering(
  http: HttpServices,
  c: HttpContext,
  act: (creator: Creator) => Promise<Response>,
): Promise<Response> {
  const creator = new Creator(http, c);
  if (isOfAnotherSite(c, http.config.origin)) return creator.restart();
  try {
    return await act(creator);
  } catch (error) {
    return creator.trouble(problemOf(error));
  }
}
