import { isId, type Id } from '@recourse/protocol';
import { eventLoop, pollEvents, type RecourseEvent } from '@recourse/sdk/events';
import { Command } from 'commander';
import { contextOf } from '../context.ts';
import type { Environment } from '../environment.ts';
import { CliError } from '../errors.ts';
import { explain } from '../explain.ts';
import { stopSignal } from '../import/stop-signal.ts';
import { collect, parseCount } from '../options.ts';
import type { Cell } from '../terminal.ts';

export const eventsCommand = (environment: Environment): Command =>
  new Command('events')
    .description('what happened to sanctions that you submitted or were told of')
    .addCommand(pollCommand(environment))
    .addCommand(followCommand(environment));

const pollCommand = (environment: Environment): Command =>
  new Command('poll')
    .description('events that wait, each verified; they come again until acknowledged')
    .option('--max <n>', 'how many', parseCount, 64)
    .option('--ack <event>', 'acknowledge one that you dealt with; may be repeated', collect, [])
    .action(async ({ max, ack }: { max: number; ack: string[] }, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const { session } = await connect();
      const polled = await pollEvents(session, {
        maxEvents: Math.min(max, 256),
        ack: ack.map(eventId),
      });
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
    });

function rowOf({ id, type, sanction, at, body }: RecourseEvent): Cell[] {
  const { version, recall, dueAt } = body;
  const due = recall?.dueAt ?? dueAt;
  const until = due === undefined ? '' : new Date(due * 1000).toISOString();
  return [id, type, sanction, version, at.toISOString(), recall?.id, until];
}

/** An event is acknowledged once its line was taken by whoever reads stdout. */
const followCommand = (environment: Environment): Command =>
  new Command('follow')
    .description(
      'one JSON line for each event as it comes, acknowledged when written; Ctrl-C ends it',
    )
    .option('--interval <seconds>', 'between polls while nothing waits', parseCount, 30)
    .action(async ({ interval }: { interval: number }, command: Command) => {
      const { terminal, connect } = contextOf(command, environment);
      const { session } = await connect();
      const stop = stopSignal((text) => terminal.note(text));
      try {
        await eventLoop(session, {
          signal: stop.signal,
          intervalSeconds: interval,
          handle: (event) => written(`${JSON.stringify(event)}\n`),
          onError: (error) => terminal.failure(explain(error)),
        });
      } finally {
        stop.dispose();
      }
    });

const written = (line: string): Promise<void> =>
  new Promise((resolve, reject) => {
    process.stdout.write(line, (error) => (error ? reject(error) : resolve()));
  });

function eventId(text: string): Id<'evt'> {
  if (isId('evt', text)) return text;
  throw new CliError('usage', {
    message: 'An event is named by its id, such as evt_….',
    next: 'Copy it from recourse events poll.',
  });
}
