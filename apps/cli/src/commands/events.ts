import { eventLoop, pollEvents, type RecourseEvent } from '@recourse/sdk/events';
import { command, group } from '../command.ts';
import { explain } from '../explain.ts';
import { stopSignal } from '../progress.ts';
import { count, id, optional, orElse, repeated } from '../options.ts';
import { rowsOf } from '../terminal.ts';

const poll = command(
  {
    name: 'poll',
    about: 'events that wait, each verified; they come again until acknowledged',
    flags: {
      max: orElse(count('how many'), 64),
      ack: optional(
        repeated(id('evt', 'acknowledge one that you dealt with; may be repeated', 'event')),
      ),
    },
  },
  async ({ max, ack = [] }, { terminal, connect }) => {
    const { session } = await connect();
    const polled = await pollEvents(session, { maxEvents: Math.min(max, 256), ack });
    const { events, moreAvailable } = polled;
    terminal.result({ events, moreAvailable }, () =>
      events.length === 0
        ? 'Nothing waits.'
        : [
            rowsOf(events, { event: 'id' }, 'type', 'sanction', {
              version: ({ body }) => body.version,
              at: (event: RecourseEvent) => event.at.toISOString(),
              recall: ({ body }) => body.recall?.id,
              due: ({ body }) => untilOf(body.recall?.dueAt ?? body.dueAt),
            }),
            moreAvailable && 'More waits.',
            'When dealt with: recourse events poll --ack EVENT …',
          ],
    );
  },
);

const untilOf = (due: number | undefined): string =>
  due === undefined ? '' : new Date(due * 1000).toISOString();

/** An event is acknowledged once its line was taken by whoever reads stdout. */
const follow = command(
  {
    name: 'follow',
    about: 'one JSON line for each event as it comes, acknowledged when written; Ctrl-C ends it',
    flags: {
      interval: orElse(count('between polls while nothing waits', 'seconds'), 30),
    },
  },
  async ({ interval: intervalSeconds }, { terminal, connect }) => {
    const { session } = await connect();
    const stop = stopSignal((text) => terminal.note(text));
    try {
      await eventLoop(session, {
        signal: stop.signal,
        intervalSeconds,
        handle: (event) => written(`${JSON.stringify(event)}\n`),
        onError: (error) => terminal.failure(explain(error)),
      });
    } finally {
      stop.dispose();
    }
  },
);

const written = (line: string): Promise<void> =>
  new Promise((resolve, reject) => {
    process.stdout.write(line, (error) => (error ? reject(error) : resolve()));
  });

export const eventsCommand = group({
  name: 'events',
  about: 'what happened to sanctions that you submitted or were told of',
  commands: [poll, follow],
});
