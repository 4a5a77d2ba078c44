import { Hono, type Context } from 'hono';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { deskRoutes, type DeskOptions } from './desk.ts';
import { docsPage, docsStyle } from './docs-page.ts';
import { guard, type GuardOptions } from './guards.ts';
import { bodyOf, untilGone } from './node-request.ts';
import { openApiOf } from './openapi.ts';
import { BadRequest, notFound, problem, problemOf, type ProblemAnswer } from './problem.ts';
import type { Raw, Reply, Route } from './route.ts';

/** Sixteen items of evidence come in several requests; a record commits to what it holds. */
const mostBytes = 24 * 1024 * 1024;

export interface AppOptions extends Omit<GuardOptions, 'isOpen'> {
  readonly routes: readonly Route[];
  readonly version: string;
  readonly metrics: Metrics;
  readonly log: Log;
  /** For an agent that serves the desks; it listens on loopback, so it has names */
  readonly desk?: DeskOptions | undefined;
}

/** The routes over HTTP: who may ask first, then size, form and schema, then the work. */
export function createApp(options: AppOptions): Hono {
  const { routes, metrics } = options;
  const app = new Hono();
  const open = new Set([
    ...routes.filter(({ isOpen }) => isOpen).map(({ path }) => path),
    ...pages,
  ]);
  app.use(async (context, next) => {
    await next();
    context.header('X-Content-Type-Options', 'nosniff');
    const route = context.req.routePath;
    metrics.count('recourse_agent_requests_total', { route, status: context.res.status });
  });
  // Before the guard: what the desk asks needs no token, and is told apart from pages of other sites.
  if (options.desk) deskRoutes(app, options.desk, options.hosts ?? []);
  app.use(guard({ ...options, isOpen: (path) => open.has(path) }));
  for (const one of routes) {
    const path = one.path.replaceAll(/\{(\w+)\}/g, ':$1');
    app.on(one.method, path, async (context) => answerOf(await one.run(await rawOf(context, one))));
  }
  servePages(app, options);
  app.notFound(() => fail(notFound(), options));
  app.onError((error) => fail(error, options));
  return app;
}

/** Pages that say the same in every copy of the agent. */
const pages = ['/docs', '/docs/style.css', '/openapi.json'];

function servePages(app: Hono, { routes, version }: AppOptions): void {
  const document = openApiOf(routes, version);
  app.get('/openapi.json', (context) => context.json(document));
  app.get('/docs', (context) => {
    context.header('Content-Security-Policy', "default-src 'none'; style-src 'self'");
    return context.html(docsPage(routes, version));
  });
  app.get('/docs/style.css', (context) =>
    context.body(docsStyle, 200, { 'content-type': 'text/css; charset=utf-8' }),
  );
}

/** As `fetch` reads text: it takes away a byte order mark. */
const utf8 = new TextDecoder();

async function rawOf(context: Context, { body }: Route): Promise<Raw> {
  const { req } = context;
  const signal = untilGone(context);
  return {
    params: req.param(),
    query: req.query(),
    body: body === undefined ? undefined : await jsonOf(context),
    header: (name) => req.header(name),
    signal,
  };
}

/** A form of a page cannot say that it is JSON; so the media type is one more thing that keeps pages out. */
async function jsonOf(context: Context): Promise<unknown> {
  const type = (context.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw wrongType();
  const body = await bodyOf(context, { mostBytes, tooLarge });
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    // No cause: it quotes the body.
    throw noJson();
  }
}

function answerOf(reply: Reply | Response): Response {
  if (reply instanceof Response) return reply;
  const { status, body, headers } = reply;
  if (body === undefined) return new Response(null, { status, headers: { ...headers } });
  return Response.json(body, { status, headers: { 'cache-control': 'no-store', ...headers } });
}

function fail(error: unknown, { log }: AppOptions): Response {
  const known = problemOf(error);
  if (!known) log.fault('request', error);
  const { problem: body, retryAfterSeconds } = known ?? fault;
  return answerOf({
    status: body.status,
    body,
    headers: {
      'content-type': 'application/problem+json',
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
      ...(body.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    },
  });
}

const fault: ProblemAnswer = {
  problem: problem('agent-fault', {
    status: 500,
    title: 'The agent failed.',
    next: 'Look into its log. What was taken before is on the disk.',
  }),
};

const tooLarge = (): BadRequest =>
  new BadRequest(413, {
    code: 'too-large',
    title: 'The body is too large.',
    next: `Send ${mostBytes / 1024 / 1024} MiB at most; evidence may be delivered in several requests.`,
  });

const wrongType = (): BadRequest =>
  new BadRequest(415, {
    code: 'unsupported-media-type',
    title: 'The body is not said to be JSON.',
    next: 'Send it as application/json.',
  });

const noJson = (): BadRequest =>
  new BadRequest(400, {
    code: 'malformed-body',
    title: 'The body is no JSON.',
    next: 'Send one JSON object in UTF-8.',
  });
