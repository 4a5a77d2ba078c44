import {
  createCallHandler,
  createCaseHandler,
  type CallHandler,
  type CaseHandler,
  type Services,
} from '@recourse/registry';
import type { ServerConfig } from './config/config.ts';
import { openQueues, type Queues } from './http/queues.ts';
import { checkpointAlarm } from './ledger/checkpoint-alarm.ts';
import type { Log } from './log.ts';
import { Watching } from './metrics/watching.ts';
import type { Traces } from './traces/traces.ts';

interface Handlers {
  readonly queues: Queues;
  readonly watching: Watching;
  readonly calls: CallHandler;
  readonly cases: CaseHandler;
}

/** Composes the handlers of signed calls and of creators, each with a queue of its own. */
export function composeHandlers(
  services: Services,
  { config, log, traces }: { config: ServerConfig; log: Log; traces: Traces },
): Handlers {
  const queues = openQueues(config.concurrency);
  const watching = new Watching({ config, log });
  const alarm = checkpointAlarm(log);
  const trace: Traces['step'] = (step, work) => traces.step(step, work);
  const calls = createCallHandler(services, {
    limit: traces.queued((work) => queues.calls.run(work)),
    trace,
    onFailure: (_call, problem) => alarm(problem),
    onGroup: watching.onGroup,
  });
  const cases = createCaseHandler(services, {
    limit: traces.queued((work) => queues.acts.run(work)),
    trace,
    onFailure: (_op, { detail }) => {
      if (detail === 'mail-not-sent') log.fault('mail', undefined);
    },
  });
  return { queues, watching, calls, cases };
}
