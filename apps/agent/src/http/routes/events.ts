import { eventTypes } from '@recourse/protocol';
import { z } from 'zod';
import type { LoggedEvent } from '../../events/event-log.ts';
import type { Services } from '../../services.ts';
import { BadRequest } from '../problem.ts';
import { route, type Route } from '../route.ts';

const heartbeatMs = 15_000;
const mostReaders = 64;
const encoder = new TextEncoder();

/** Events of records that the party submitted or was told of. */
export function eventRoutes({ events, feed }: Services): Route[] {
  let readers = 0;
  return [
    route({
      method: 'GET',
      path: '/events',
      id: 'followEvents',
      summary: 'Events as they come (server-sent events).',
      text: 'Each has a number as its id; a reader that comes back with Last-Event-ID, or ?after=, gets what it missed. Where that is not kept any more there is one event named missed first: read /recalls and /cases then. An event says that something happened; what is owed stands in /recalls.',
      query: z.strictObject({
        after: z
          .int()
          .min(0)
          .optional()
          .describe('The number of the last event that was dealt with'),
      }),
      answers: {
        200: {
          text: 'A stream. `data` is one event as JSON.',
          mediaType: 'text/event-stream',
          schema: z.object({
            id: z.string(),
            type: z.enum([...eventTypes, 'check-ended']),
            sanction: z.string().optional().describe('Of an event of the registry'),
            at: z.string(),
            body: z.unknown(),
          }),
        },
      },
      handle: ({ query, header, signal }) => {
        if (readers >= mostReaders) throw tooMany();
        const after = placeOf(header('last-event-id')) ?? query.after ?? events.last;
        readers++;
        const gone = new AbortController();
        gone.signal.addEventListener('abort', () => readers--, { once: true });
        const news = feed.from(after, AbortSignal.any([signal, gone.signal]));
        const stream = streamOf(news, { first: missedBefore(events.first, after), gone });
        return new Response(stream, {
          headers: {
            'content-type': 'text/event-stream',
            'cache-control': 'no-store',
            'x-accel-buffering': 'no',
          },
        });
      },
    }),
  ];
}

/** The first line says that the stream is open; a line each while lets both sides notice when the other is gone. */
function streamOf(
  news: AsyncGenerator<LoggedEvent>,
  { first, gone }: { first: string; gone: AbortController },
): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => {
      const say = (text: string): void => controller.enqueue(encoder.encode(text));
      const heartbeat = setInterval(() => say(': here\n\n'), heartbeatMs);
      gone.signal.addEventListener('abort', () => clearInterval(heartbeat));
      say(`: open\n\n${first}`);
    },
    pull: async (controller) => {
      const { done, value } = await news.next();
      if (!done) return controller.enqueue(encoder.encode(messageOf(value)));
      gone.abort();
      controller.close();
    },
    cancel: () => gone.abort(),
  });
}

const messageOf = ({ seq, event }: LoggedEvent): string =>
  `id: ${seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

const missedBefore = (first: number, after: number): string =>
  after + 1 < first
    ? `event: missed\ndata: ${JSON.stringify({ from: after + 1, to: first - 1 })}\n\n`
    : '';

const placeOf = (header: string | undefined): number | undefined =>
  header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : undefined;

const tooMany = (): BadRequest =>
  new BadRequest(503, {
    code: 'too-many-readers',
    title: `${mostReaders} streams are open already.`,
    next: 'Close one: a service needs one stream, whatever it does with the events.',
  });
