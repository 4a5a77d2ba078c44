import { Hono } from 'hono';
import { Problem } from '@recourse/protocol';
import { readDesk } from '@recourse/serving';
import {
  isShared,
  pathIn,
  preflightAnswer,
  problemAnswer,
  securityHeaders,
  notFound,
} from './answers.ts';
import { noRoute } from './no-route.ts';
import { type HttpContext, type HttpEnv, type HttpServices, rawTarget } from './context.ts';
import { documents } from './documents.ts';
import { governance } from './governance.ts';
import { ledgerPage } from './ledger-page.ts';
import { ledgerRoutes } from './ledger-routes.ts';
import { pages } from './pages.ts';
import { prefixRoutes } from './prefix-routes.ts';
import { casePages } from './case-pages/case-pages.ts';
import { caseProcedures } from './case-procedures.ts';
import { publicProcedures } from './public-procedures.ts';
import { transparency } from './transparency.ts';
import { sandboxEnrolments, sandboxRoutes } from './sandbox-routes.ts';

/**
 * Everything this process serves but calls, a worker its health alone, by the path exactly as it came: no decoding, no
 * trailing slash, no dot segments.
 */
export function createApp(http: HttpServices): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>({ strict: true, getPath: rawPath });
  const headersOf = (path: string) => Object.entries(securityHeaders(http.config.origin, path));
  const [own, shared] = [headersOf('/'), headersOf('/ledger')];
  app.use(async (c, next) => {
    const forAll = isShared(c.req.path);
    if (forAll && c.req.method === 'OPTIONS') c.res = preflightAnswer();
    else await next();
    if (mayHaveChanged(c)) http.changes.note();
    for (const [name, value] of forAll ? shared : own) {
      if (!c.res.headers.has(name)) c.res.headers.set(name, value);
    }
  });
  if (http.config.role === 'worker') health(app, http);
  else answering(app, http);
  app.notFound((c) => noRoute(app, c, http.config));
  app.onError((error) => {
    const problem = new Problem('internal', { retryAfterSeconds: 30, cause: error });
    return problemAnswer(problem, http.config.origin);
  });
  return app;
}

/** Adds the routes that a worker has no part in, but its health. */
function answering(app: Hono<HttpEnv>, http: HttpServices): void {
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
}

/** Whatever was posted may show in public documents. */
const mayHaveChanged = (c: HttpContext): boolean => c.req.method === 'POST' && c.res.status < 400;

/** Hono would decode the path, so that `%2E` and `.` were one; what comes here is the target's own spelling. */
const rawPath = (_request: Request, options?: { env?: HttpEnv['Bindings'] }): string =>
  pathIn(options?.env?.incoming.url ?? '/');

/** `/healthz`: the process answers. `/readyz`: it should get calls, or why not. */
function health(app: Hono<HttpEnv>, { readiness }: Pick<HttpServices, 'readiness'>): void {
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', async (c) => {
    const reasons = await readiness.reasons();
    return reasons.length === 0
      ? c.json({ status: 'ready', reasons })
      : c.json({ status: 'not-ready', reasons }, 503, { 'Retry-After': '2' });
  });
}

/** `/desk`: the desks, where they are built. */
function desk(app: Hono<HttpEnv>, { config }: HttpServices): void {
  const files = readDesk(config.deskDir, config.mode);
  app.get('/desk', (c) => c.redirect('/desk/'));
  app.get('/desk/*', (c) => files.get(rawTarget(c))?.answer(c) ?? notFound(config.origin));
}
