import type { Log } from '../log.ts';
import { callId, type OnEnded } from '../traces/ended-request.ts';

/**
 * A line for each call that failed here (5xx). What a caller did wrong (4xx) is in the audit and in the counts, and
 * fills no log. Readiness is asked every second, and says by itself why it is not.
 */
export function logFailed(log: Log): OnEnded {
  return ({ operation, status, seconds, refused, caller }) => {
    if (status < 500 || operation === '/readyz') return;
    log.fault('call', refused?.cause, {
      operation,
      status,
      code: refused?.code ?? 'unknown',
      ms: Math.round(seconds * 1000),
      ...(caller ? { party: caller.party, call: callId(caller.jti) } : {}),
    });
  };
}
