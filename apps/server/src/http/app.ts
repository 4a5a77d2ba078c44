import { Hono } from 'hono';
import { Problem } from '@recourse/protocol';
import { notFound, problemAnswer, securityHeaders } from './answers.ts';
import { callRoutes } from './calls.ts';
import { languageOf } from './choose-language.ts';
import type { HttpEnv, HttpServices } from './context.ts';
import { desk } from './desk.ts';
import { documents, wantsHtml } from './documents.ts';
import { governance } from './governance.ts';
import { health } from './health.ts';
import { ledgerPage } from './ledger-page.ts';
import { ledgerRoutes } from './ledger-routes.ts';
import { pages, strayPage } from './pages.ts';
import { prefixRoutes } from './prefix-routes.ts';
import { casePages } from './case-pages/case-pages.ts';
import { caseProcedures } from './case-procedures.ts';
import { publicProcedures } from './public-procedures.ts';
import { transparency } from './transparency.ts';
import { sandboxEnrolments, sandboxRoutes } from './sandbox-routes.ts';

/** Everything this process serves, by the path exactly as it came: no decoding, no trailing slash, no dot segments. */
export function createApp(http: HttpServices): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>({ strict: true, getPath: rawPath });
  const headers = Object.entries(securityHeaders(http.config.origin));
  app.use(async (c, next) => {
    await next();
    for (const [name, value] of headers) {
      if (!c.res.headers.has(name)) c.res.headers.set(name, value);
    }
  });
  callRoutes(app, http);
  caseProcedures(app, http);
  sandboxEnrolments(app, http);
  publicProcedures(app, http);
  documents(app, http);
  governance(app, http);
  transparency(app, http);
  ledgerPage(app, http);
  ledgerRoutes(app, http);
  prefixRoutes(app, http);
  health(app, http);
  pages(app, http);
  desk(app, http);
  casePages(app, http);
  sandboxRoutes(app, http);
  app.notFound((c) =>
    wantsHtml(c) && c.req.method === 'GET'
      ? c.html(strayPage(languageOf(c)), 404)
      : notFound(http.config.origin),
  );
  app.onError((error) => {
    http.log.fault('http', error);
    const problem = new Problem('internal', { retryAfterSeconds: 30 });
    return problemAnswer(problem, http.config.origin);
  });
  return app;
}

/** Hono would decode the path, so that `%2E` and `.` were one; what comes here is the target's own spelling. */
function rawPath(_request: Request, options?: { env?: HttpEnv['Bindings'] }): string {
  const target = options?.env?.incoming.url ?? '/';
  const query = target.indexOf('?');
  return query < 0 ? target : target.slice(0, query);
}
