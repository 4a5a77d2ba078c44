import {
  signCompact,
  toNumericDate,
  type AuditClaim,
  type Id,
  type OpOutput,
} from '@recourse/protocol';
import { RecourseError } from '../errors.ts';
import { newSealingKey } from '../evidence/seal.ts';
import type { PrivateSealingKey, SealingKeys } from '../evidence/sealing-keys.ts';
import type { Session } from '../session.ts';
import { needSigner } from '../signers.ts';
import type { CallOptions } from '../transport/transport.ts';

export type TakenAudit = OpOutput<'audits.claim'>;

/**
 * Takes the audit that is due first: assigned by the registry, then keyed. A crash in between is mended by taking again:
 * one that is assigned and has no key comes first.
 * @throws RecourseError `sealing-key-missing`, `signer-missing`, `not-found` where none waits
 */
export async function takeAudit(
  session: Session,
  { signal }: Pick<CallOptions, 'signal'> = {},
): Promise<TakenAudit> {
  const { sealingKeys } = session;
  // Before anything is assigned: without a place for its key, nobody could open what is delivered.
  if (!sealingKeys) throw new RecourseError('sealing-key-missing');
  const signer = needSigner(session.signers, 'reviewer');
  const { result: assigned } = await session.transport.send('audits.claim', {}, { signal });
  const { d: _, ...key } = await keyFor(sealingKeys, assigned.item);
  const payload: AuditClaim = {
    iss: 'panel',
    aud: session.origin,
    item: assigned.item,
    key,
    iat: toNumericDate(session.transport.now()),
  };
  const claim = await signCompact(signer, 'recourse-audit-claim+jwt', payload);
  return (await session.transport.send('audits.claim', { claim }, { signal })).result;
}

/** Saved before it is claimed: what is sealed to a key that is lost, nobody opens. */
async function keyFor(keys: SealingKeys, item: Id<'itm'>): Promise<PrivateSealingKey> {
  const saved = await keys.load(item);
  if (saved) return saved;
  const made = await newSealingKey();
  await keys.save(item, made);
  return made;
}
