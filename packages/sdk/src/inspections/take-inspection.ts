import {
  signCompact,
  toNumericDate,
  type InspectionClaim,
  type OpOutput,
} from '@recourse/protocol';
import { RecourseError } from '../errors.ts';
import { saveFreshKey } from '../evidence/seal.ts';
import type { Session } from '../session.ts';
import { needSigner } from '../signers.ts';
import type { CallOptions } from '../transport/transport.ts';

export type TakenInspection = OpOutput<'inspections.claim'>;

/**
 * Takes the inspection that is due first: assigned by the registry, then keyed. A crash in between is mended by taking again:
 * one that is assigned and has no key comes first.
 * @throws RecourseError `sealing-key-missing`, `signer-missing`, `not-found` where none waits
 */
export async function takeInspection(
  session: Session,
  { signal }: Pick<CallOptions, 'signal'> = {},
): Promise<TakenInspection> {
  const { sealingKeys } = session;
  // Before anything is assigned: without a place for its key, nobody could open what is delivered.
  if (!sealingKeys) throw new RecourseError('sealing-key-missing');
  const signer = needSigner(session.signers, 'reviewer');
  const { result: assigned } = await session.transport.send('inspections.claim', {}, { signal });
  const { item } = assigned;
  const saved = await sealingKeys.load(item);
  const { d: _, ...key } = saved ?? (await saveFreshKey(sealingKeys, item));
  const payload: InspectionClaim = {
    iss: 'panel',
    aud: session.origin,
    item,
    key,
    iat: toNumericDate(session.transport.now()),
  };
  const claim = await signCompact(signer, 'recourse-inspection-claim+jwt', payload);
  return (await session.transport.send('inspections.claim', { claim }, { signal })).result;
}
