import { isUnknownCheckpoint } from '@recourse/registry';
import type { Problem } from '@recourse/protocol';
import type { Log } from '../log.ts';

/** Whoever lies about a checkpoint fills no log. */
const everyMs = 60_000;

/** Tells the operator of calls that show a checkpoint which this registry does not know, at most once a minute. */
export function checkpointAlarm(log: Log): (problem: Problem) => void {
  let toldAt = -Infinity;
  let calls = 0;
  return (problem) => {
    if (!isUnknownCheckpoint(problem)) return;
    calls++;
    if (performance.now() - toldAt < everyMs) return;
    log.alarm(
      `ALARM: ${calls} call(s) show a checkpoint of the ledger that this registry did not sign, or has lost (checkpoint-unknown). ` +
        'They were refused, with status 409 in the audit. If more than one party does so: stop the server, and run `recourse ledger verify` before you start it again.',
    );
    toldAt = performance.now();
    calls = 0;
  };
}
