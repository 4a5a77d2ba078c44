import { isIdentifier } from '@recourse/protocol/identifiers';
import { Hono, type Context } from 'hono';
import { bodyOf } from '../http/node-request.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Questions } from '../questions/questions.ts';
import { readWebhook, Unmapped } from './read-webhook.ts';
import type { Source } from './source.ts';
import { isOf } from './verify.ts';

const mostBytes = 256 * 1024;
const hourMs = 3_600_000;

export interface InboxOptions {
  readonly sources: ReadonlyMap<string, Source>;
  readonly questions: Questions;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly clock: () => Date;
}

type End = 'kept' | 'skipped' | 'unauthenticated' | 'too-many' | 'unmapped' | 'too-large';

/**
 * `POST /in/<source>`, and nothing else: what may be reached from outside has a listener of its own. A body is verified,
 * read, and forgotten.
 */
export function createInbox(options: InboxOptions): Hono {
  const app = new Hono();
  const shares = new Shares(options.clock);
  app.post('/in/:source', async (context) => {
    const source = options.sources.get(context.req.param('source'));
    // Whether a source exists is said to nobody who cannot sign for one.
    if (!source) return ended(context, 'unauthenticated');
    const [end, said] = await take(context, { ...options, source, shares });
    options.metrics.count('recourse_agent_inbox_total', { source: source.name, end });
    if (end !== 'kept' && end !== 'skipped')
      options.log.progress(`Inbox ${source.name}: ${end}${said ? `, ${said}` : ''}`);
    return ended(context, end, said);
  });
  app.notFound((context) => context.json({ next: 'Post to /in/<source>.' }, 404));
  app.onError((error, context) => {
    if (error instanceof TooLarge) return ended(context, 'too-large');
    options.log.fault('inbox', error);
    return context.json({ next: 'Send it again later.' }, 503);
  });
  return app;
}

class TooLarge extends Error {}

type Taking = InboxOptions & { readonly source: Source; readonly shares: Shares };

/** How a request ended, and what to say of it: names of members, never a value. */
async function take(
  context: Context,
  { source, shares, questions, clock }: Taking,
): Promise<[End, string?]> {
  const body = await bodyOf(context, { mostBytes, tooLarge: () => new TooLarge() });
  const header = (name: string): string | undefined => context.req.header(name);
  if (!isOf(source, { body, header, now: clock() })) return ['unauthenticated'];
  try {
    const order = readWebhook(source, parsed(body), clock());
    if (typeof order === 'string') return ['skipped', order];
    if (isIdentifier(order.ref)) throw new Unmapped('ref is an identifier of a person');
    if (!shares.take(source)) return ['too-many'];
    questions.take(order);
    return ['kept'];
  } catch (error) {
    if (error instanceof Unmapped) return ['unmapped', error.message];
    throw error;
  }
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    // No cause: it quotes the body.
    throw new Unmapped('the body is no JSON');
  }
}

const answers = {
  kept: [202, 'The question is kept.'],
  skipped: [200, 'Nothing is to be asked.'],
  unauthenticated: [
    401,
    'Compare the secret of the source with the one of the agent, and its clock.',
  ],
  'too-many': [429, 'Send it again later, or raise perHour of the source.'],
  unmapped: [422, 'Correct the map of the source in the file of --inbox.'],
  'too-large': [413, `Send ${mostBytes / 1024} KiB at most.`],
} as const satisfies Record<End, readonly [number, string]>;

function ended(context: Context, end: End, said?: string): Response {
  const [status, next] = answers[end];
  if (end === 'too-many') context.header('Retry-After', '600');
  return context.json({ end, ...(said === undefined ? {} : { said }), next }, status);
}

/** Questions of each source in this hour. */
class Shares {
  readonly #clock: () => Date;
  readonly #spent = new Map<string, { readonly hour: number; readonly count: number }>();

  constructor(clock: () => Date) {
    this.#clock = clock;
  }

  take({ name, perHour }: Source): boolean {
    const hour = Math.floor(this.#clock().getTime() / hourMs);
    const known = this.#spent.get(name);
    const count = known?.hour === hour ? known.count : 0;
    if (count >= perHour) return false;
    this.#spent.set(name, { hour, count: count + 1 });
    return true;
  }
}
