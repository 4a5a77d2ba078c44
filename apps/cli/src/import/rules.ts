import {
  addMonths,
  longestExpiry,
  meetsProofFloor,
  reason as ruleOf,
  type ProblemCode,
} from '@recourse/protocol';
import type { ProvenIdentifier, SanctionInput } from '@recourse/sdk';
import type { Column } from './columns.ts';

/**
 * A rule by which the registry would certainly refuse, told before anything is signed. The registry judges again, and
 * by more.
 */
export interface BrokenRule {
  readonly code: ProblemCode;
  readonly column: Column;
  readonly issue: string;
}

export function breaksRule(input: SanctionInput, now: Date): BrokenRule | undefined {
  for (const rule of [
    timesOutOfOrder,
    tooLongAgo,
    weakProof,
    controlNotProven,
    minor,
    tooLongLife,
  ]) {
    const broken = rule(input, now);
    if (broken) return broken;
  }
  return undefined;
}

const dayMs = 86_400_000;
const decidedDays = 90;
const controlDays = 90;
const incidentMonths = 24;

function timesOutOfOrder(
  { incident, decidedAt }: SanctionInput,
  now: Date,
): BrokenRule | undefined {
  const code = 'invalid-input';
  if (incident.from > incident.to) {
    return { code, column: 'incident_to', issue: 'before-incident-from' };
  }
  if (incident.to > decidedAt) return { code, column: 'decided_at', issue: 'before-incident-to' };
  return decidedAt > now ? { code, column: 'decided_at', issue: 'in-the-future' } : undefined;
}

/** Decided more than 90 d ago, or an incident more than 24 mo ago. */
function tooLongAgo({ incident, decidedAt }: SanctionInput, now: Date): BrokenRule | undefined {
  const code = 'invalid-input';
  if (now.getTime() - decidedAt.getTime() > decidedDays * dayMs) {
    return { code, column: 'decided_at', issue: 'decided-too-long-ago' };
  }
  return addMonths(incident.to, incidentMonths) < now
    ? { code, column: 'incident_to', issue: 'incident-too-long-ago' }
    : undefined;
}

/** Proof below the floor of the reason. */
const weakProof = ({ reason, evidence }: SanctionInput): BrokenRule | undefined =>
  meetsProofFloor(reason, evidence)
    ? undefined
    : { code: 'proof-too-weak', column: 'evidence_class', issue: 'below-floor' };

/** Control proved outside incident_from - 90 d .. incident_to. */
function controlNotProven(input: SanctionInput): BrokenRule | undefined {
  const days = input.reason === 'identity.account-takeover' ? 0 : controlDays;
  const from = input.incident.from.getTime() - days * dayMs;
  const outside = identifiersOf(input).some(
    ({ provenAt }) => provenAt.getTime() < from || provenAt > input.incident.to,
  );
  return outside
    ? { code: 'control-not-proven', column: 'proven_at', issue: 'outside-the-incident' }
    : undefined;
}

const minor = ({ reason, age }: SanctionInput): BrokenRule | undefined =>
  age === 'minor' && !ruleOf(reason).minorAllowed
    ? { code: 'reason-not-accepted', column: 'age', issue: 'minor' }
    : undefined;

/** Too long a life. That of ban evasion is another record's, which only the registry knows. */
function tooLongLife(input: SanctionInput, now: Date): BrokenRule | undefined {
  const { reason, age, incident, gravity, expires } = input;
  if (reason === 'network.ban-evasion') return undefined;
  const kinds = kindsOf(input);
  const longest = longestExpiry({ reason, age, kinds, incidentTo: incident.to, gravity });
  if (longest <= now) return { code: 'invalid-input', column: 'incident_to', issue: 'expired' };
  return expires && expires > longest
    ? { code: 'retention-too-long', column: 'expires', issue: 'beyond-longest-life' }
    : undefined;
}

const identifiersOf = ({ creator }: SanctionInput): readonly ProvenIdentifier[] =>
  Object.values(creator).flatMap((given) => given ?? []);

const kindsOf = ({ creator }: SanctionInput) =>
  (['email', 'phone', 'domain', 'account', 'wallet', 'iban'] as const).filter(
    (kind) => creator[kind] !== undefined,
  );
