import type { Id } from '@recourse/protocol';
import { RecourseError } from '../errors.ts';
import { openKept, reading, type KeptEvidence } from '../evidence/deliver.ts';
import { seal } from '../evidence/seal.ts';
import { verifyAuditClaim } from '../evidence/verify-claims.ts';
import type { Session } from '../session.ts';
import type { CallOptions } from '../transport/transport.ts';

export interface AuditDelivery {
  readonly item: Id<'itm'>;
  /** Each item with the opening that `sanctions.submit` gave for it */
  readonly evidence: readonly KeptEvidence[];
}

export interface DeliveredForAudit {
  readonly item: Id<'itm'>;
  /** Indexes in the statement's evidence, in the order of the delivery */
  readonly places: readonly number[];
  /** What the registry still waits for */
  readonly missing: readonly number[];
}

/**
 * Seals the evidence of an audited record to its reviewer and delivers it, item by item. Everything is compared with what
 * the statement committed to before anything leaves. What is there already is left as it is.
 */
export async function deliverAudit(
  session: Session,
  { item, evidence }: AuditDelivery,
  options?: CallOptions,
): Promise<DeliveredForAudit> {
  const { result } = await session.transport.send('audits.list', {}, reading(options));
  const audit = result.audits.find((known) => known.item === item);
  if (!audit) throw new RecourseError('not-found');
  const opened = await openKept(audit.evidence, evidence);
  const key = await verifyAuditClaim(session, { item, claim: audit.claim });
  let missing: readonly number[] = audit.evidence.flatMap(({ delivered, item: place }) =>
    delivered ? [] : [place],
  );
  const places: number[] = [];
  for (const { item: place, ...one } of opened) {
    if (!missing.includes(place)) continue;
    const input = { item, place, jwe: await seal(one, [key]) };
    ({ missing } = (await session.transport.send('audits.deliver', input, options)).result);
    places.push(place);
  }
  return { item, places, missing };
}
