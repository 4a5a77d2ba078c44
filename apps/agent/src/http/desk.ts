import { isOpName } from '@recourse/protocol';
import { isolation, type ServedBytes } from '@recourse/serving';
import type { Context, Hono, MiddlewareHandler } from 'hono';
import { assertOwnName } from './guards.ts';
import { bodyOf, untilGone } from './node-request.ts';
import { BadRequest, notFound } from './problem.ts';

export interface DeskOptions {
  /** Files by address, as `readDesk` has them */
  readonly files: ReadonlyMap<string, ServedBytes>;
  /** Where the registry of the profile is reached: the one place to which calls are passed on */
  readonly registry: string;
  /** Whether that is a sandbox, whose clock people move */
  readonly isSandbox: boolean;
}

/** A signed call; one that delivers evidence; an enrolment: what the registry takes (protocol, section 1). */
const [callBytes, evidenceBytes, enrolmentBytes] = [256 * 1024, 8 * 1024 * 1024, 64 * 1024];
const patienceMs = 60_000;

/** Documents of a registry that the SDK reads besides calls. All of them are public. */
const documents = [
  '/.well-known/recourse',
  '/parties',
  '/parties/:party/keys',
  '/ledger/checkpoint',
  '/ledger/proof/:leaf',
  '/ledger/tile/*',
  '/prefixes/:set',
];

/**
 * The desks at `/desk/`, for browsers of this machine. A desk asks its own origin alone, so the agent passes its calls on
 * as they are. A call is signed in the browser for the registry of its invite: whoever passes it on can neither change nor
 * repeat it. Nothing here reads the keys, the outbox or the token of the agent.
 */
export function deskRoutes(app: Hono, desk: DeskOptions, hosts: readonly string[]): void {
  const own: MiddlewareHandler = async (context, next) => {
    assertOwnName(context, hosts);
    await next();
  };
  app.get('/desk', own, (context) => context.redirect('/desk/'));
  app.get('/desk/*', own, async (context) => {
    const { pathname, hostname, port } = new URL(context.req.url);
    // A browser keeps keys by the name of the address, and knows passkeys for names alone.
    const isPage = pathname === '/desk/';
    if (isPage && ['127.0.0.1', '[::1]'].includes(hostname)) {
      return context.redirect(`http://localhost:${port}/desk/`);
    }
    const file = desk.files.get(pathname);
    if (!file) throw notFound();
    return file.answer(context);
  });
  const post = (path: string, mostBytes: number, type: string): void => {
    app.post(path, own, fromDesk, (context) => passOn(context, desk.registry, { mostBytes, type }));
  };
  post('/call/evidence.deliver', evidenceBytes, 'application/jose');
  post('/call/:op', callBytes, 'application/jose');
  post('/trpc/parties.enrol', enrolmentBytes, 'application/json');
  for (const path of [...documents, ...(desk.isSandbox ? ['/sandbox/clock'] : [])]) {
    app.get(path, own, fromDesk, (context) => passOn(context, desk.registry));
  }
  if (desk.isSandbox) {
    app.get('/sandbox', own, (context) => context.redirect(`${desk.registry}/sandbox`));
  }
}

/**
 * Scripts of the desk may ask, and nobody else: a browser says of each request which page made it and what for, and no page
 * can say otherwise (Fetch Metadata). Since an answer is data for a script, and never a page, a script or a style, the
 * registry cannot put code into the origin that has the keys.
 */
const fromDesk: MiddlewareHandler = async ({ req }, next) => {
  const origin = req.header('origin');
  const isOwn = origin === undefined || hostOf(origin) === req.header('host');
  const isScript = req.header('sec-fetch-dest') === 'empty';
  if (!isOwn || !isScript || req.header('sec-fetch-site') !== 'same-origin') throw notTheDesk();
  await next();
};

const hostOf = (origin: string): string | undefined =>
  URL.canParse(origin) ? new URL(origin).host : undefined;

/** Each name begins with a letter, a digit or a hyphen: no dots that lead elsewhere, and nothing encoded. */
const plainPath = /^(?:\/(?:\.well-known|[\w-][\w.-]*))+$/;

async function passOn(
  context: Context,
  registry: string,
  posted?: { readonly mostBytes: number; readonly type: string },
): Promise<Response> {
  const { req } = context;
  const { pathname, search } = new URL(req.url);
  const op = req.param('op');
  if (search !== '' || !plainPath.test(pathname) || req.path !== pathname) throw notFound();
  if (op !== undefined && !isOpName(op)) throw notFound();
  if (posted && req.header('content-type') !== posted.type) throw wrongType(posted.type);
  const signal = AbortSignal.any([untilGone(context), AbortSignal.timeout(patienceMs)]);
  const sent = posted && {
    headers: { 'content-type': posted.type },
    body: await bodyOf(context, { ...posted, tooLarge }),
  };
  try {
    const answer = await fetch(`${registry}${pathname}`, {
      method: req.method,
      redirect: 'error',
      signal,
      ...sent,
    });
    return new Response(answer.body, { status: answer.status, headers: headersOf(answer) });
  } catch {
    // No cause: the desk says that the registry is away, and asks again.
    return new Response('The registry does not answer.', { status: 502, headers: bare });
  }
}

const bare = {
  ...isolation,
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; sandbox",
};

function headersOf({ headers }: Response): Headers {
  const passed = new Headers(bare);
  for (const name of ['content-type', 'recourse-receipt', 'retry-after']) {
    const value = headers.get(name);
    if (value !== null) passed.set(name, value);
  }
  return passed;
}

const notTheDesk = (): BadRequest =>
  new BadRequest(403, {
    code: 'browser-refused',
    title: 'Only the desk of this agent may ask this.',
    next: 'Open /desk/ in a browser. A service calls the registry by the other paths of /docs.',
  });

const tooLarge = (): BadRequest =>
  new BadRequest(413, {
    code: 'too-large',
    title: 'The body is larger than the registry takes.',
    next: 'Send less in one call.',
  });

const wrongType = (type: string): BadRequest =>
  new BadRequest(415, {
    code: 'unsupported-media-type',
    title: 'The body is not of the type that this path takes.',
    next: `Send it as ${type}.`,
  });
