import type { Id } from '@recourse/protocol';
import { RecourseError } from '../errors.ts';
import { openKept, reading, type KeptEvidence } from '../evidence/deliver.ts';
import { seal } from '../evidence/seal.ts';
import { verifyInspectionClaim } from '../evidence/verify-claims.ts';
import type { Session } from '../session.ts';
import type { CallOptions } from '../transport/transport.ts';

export interface InspectionDelivery {
  readonly item: Id<'itm'>;
  /** Each item with the opening that `sanctions.submit` gave for it */
  readonly evidence: readonly KeptEvidence[];
}

export interface DeliveredForInspection {
  readonly item: Id<'itm'>;
  /** Indexes in the statement's evidence, in the order of the delivery */
  readonly places: readonly number[];
  /** What the registry still waits for */
  readonly missing: readonly number[];
}

/**
 * Seals the evidence of an inspected record to its reviewer and delivers it, item by item. Everything is compared with what
 * the statement committed to before anything leaves. What is there already is left as it is.
 */
export async function deliverInspection(
  session: Session,
  { item, evidence }: InspectionDelivery,
  options?: CallOptions,
): Promise<DeliveredForInspection> {
  const { result } = await session.transport.send('inspections.list', {}, reading(options));
  const inspection = result.inspections.find((known) => known.item === item);
  if (!inspection) throw new RecourseError('not-found');
  const opened = await openKept(inspection.evidence, evidence);
  const key = await verifyInspectionClaim(session, { item, claim: inspection.claim });
  let missing: readonly number[] = inspection.evidence.flatMap(({ delivered, item: place }) =>
    delivered ? [] : [place],
  );
  const places: number[] = [];
  for (const { item: place, ...one } of opened) {
    if (!missing.includes(place)) continue;
    const input = { item, place, jwe: await seal(one, [key]) };
    ({ missing } = (await session.transport.send('inspections.deliver', input, options)).result);
    places.push(place);
  }
  return { item, places, missing };
}
