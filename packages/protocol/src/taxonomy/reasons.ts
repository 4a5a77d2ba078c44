import type { Purpose } from './purposes.ts';
import type { Reason } from './reason.ts';
import type { ReasonCode } from './reason-codes.ts';
import { abuseReasons } from './reasons-abuse.ts';
import { fraudReasons } from './reasons-fraud.ts';
import { identityReasons } from './reasons-identity.ts';
import { networkReasons } from './reasons-network.ts';
import { securityReasons } from './reasons-security.ts';

/** Taxonomy 1 as data: every code with every column. */
export const reasons: Readonly<Record<ReasonCode, Reason>> = {
  ...fraudReasons,
  ...identityReasons,
  ...networkReasons,
  ...abuseReasons,
  ...securityReasons,
} satisfies Record<ReasonCode, Reason>;

/** The row of a code. */
export const reason = (code: ReasonCode): Reason => reasons[code];

/** Whether a check for this purpose may learn of a record with this code; if not, the record answers as if absent. */
export function isAskedAt(code: ReasonCode, purpose: Purpose): boolean {
  return reasons[code].askedAt.includes(purpose);
}
