import { eventLoop, pollEvents, type RecourseEvent } from '@recourse/sdk/events';
import { command, group } from '../command.ts';
import { explain } from '../explain.ts';
import { stopSignal } from '../import/stop-signal.ts';
import { optional, orElse, parseCount, repeated, value } from '../options.ts';
import type { Cell } from '../terminal.ts';
import { id } from './ids.ts';

const poll = command(
  {
    name: 'poll',
    about: 'events that wait, each verified; they come again until acknowledged',
    flags: {
      max: orElse(value('n', 'how many', parseCount), 64),
      ack: optional(
        repeated(id('evt', 'acknowledge one that you dealt with; may be repeated', 'event')),
      ),
    },
  },
  async ({ max, ack = [] }, { terminal, connect }) => {
    const { session } = await connect();
    const polled = await pollEvents(session, { maxEvents: Math.min(max, 256), ack });
    const { events, moreAvailable } = polled;
    terminal.result({ events, moreAvailable }, () => {
      if (events.length === 0) return terminal.line('Nothing waits.');
      terminal.table(
        ['event', 'type', 'sanction', 'version', 'at', 'recall', 'due'],
        events.map((event) => rowOf(event)),
      );
      if (moreAvailable) terminal.line('More waits.');
      terminal.line('When dealt with: recourse events poll --ack EVENT …');
    });
  },
);

function rowOf({ id, type, sanction, at, body }: RecourseEvent): Cell[] {
  const { version, recall, dueAt } = body;
  const due = recall?.dueAt ?? dueAt;
  const until = due === undefined ? '' : new Date(due * 1000).toISOString();
  return [id, type, sanction, version, at.toISOString(), recall?.id, until];
}

/** An event is acknowledged once its line was taken by whoever reads stdout. */
const follow = command(
  {
    name: 'follow',
    about: 'one JSON line for each event as it comes, acknowledged when written; Ctrl-C ends it',
    flags: {
      interval: orElse(value('seconds', 'between polls while nothing waits', parseCount), 30),
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
