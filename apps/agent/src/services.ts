import type { Recourse } from '@recourse/sdk';
import type { CheckConfig } from './config.ts';
import type { EventFeed } from './events/event-feed.ts';
import type { EventLog } from './events/event-log.ts';
import type { Metrics } from './metrics.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { Questions } from './questions/questions.ts';

/** Tools of the routes. */
export interface Services {
  readonly recourse: Recourse;
  readonly checks: CheckConfig;
  readonly clock: () => Date;
  readonly outbox: Outbox;
  readonly questions: Questions;
  readonly events: EventLog;
  readonly feed: EventFeed;
  readonly metrics: Metrics;
}
