import { signCompact, toNumericDate, type Claim, type Id, type OpOutput } from '@recourse/protocol';
import { isRecourseError, RecourseError } from '../errors.ts';
import { saveFreshKey } from '../evidence/seal.ts';
import type { PrivateSealingKey } from '../evidence/sealing-keys.ts';
import type { Session } from '../session.ts';
import { needSigner } from '../signers.ts';
import type { CallOptions } from '../transport/transport.ts';

export type TakeOptions = Pick<CallOptions, 'signal'>;

export type TakenCase = OpOutput<'review.claim'>;

/**
 * Takes the case that is due first: assigned by the registry, then keyed. States: assigned, key saved,
 * claimed. A crash in between is mended by taking again: a case that is assigned and has no key comes first.
 * @throws RecourseError `sealing-key-missing`, `signer-missing`
 */
export async function take(session: Session, options: TakeOptions = {}): Promise<TakenCase> {
  const { sealingKeys } = session;
  // Before anything is assigned: without a place for its key, nobody could open what is delivered.
  if (!sealingKeys) throw new RecourseError('sealing-key-missing');
  // Before the registry assigns anything, too.
  needSigner(session.signers, 'reviewer');
  const appeal = (await unkeyed(session, options)) ?? (await assigned(session, options));
  // One that was saved is used: the claim with it may be on its way.
  const saved = await sealingKeys.load(appeal);
  if (!saved)
    return claimWith(session, { appeal, key: await saveFreshKey(sealingKeys, appeal) }, options);
  try {
    return await claimWith(session, { appeal, key: saved }, options);
  } catch (error) {
    if (!isUsedUp(error)) throw error;
    return claimWith(session, { appeal, key: await saveFreshKey(sealingKeys, appeal) }, options);
  }
}

/** The key is that of an earlier claim, which was lost: each claim has a key of its own. */
const isUsedUp = (error: unknown): boolean =>
  isRecourseError(error, 'invalid-input') &&
  error.issues.some(({ path, code }) => path === 'claim.key' && code === 'not-fresh');

async function claimWith(
  session: Session,
  of: { appeal: Id<'apl'>; key: PrivateSealingKey },
  { signal }: CallOptions,
): Promise<TakenCase> {
  const { d: _, ...key } = of.key;
  const payload: Claim = {
    iss: 'panel',
    aud: session.origin,
    appeal: of.appeal,
    key,
    iat: toNumericDate(session.transport.now()),
  };
  const signer = needSigner(session.signers, 'reviewer');
  const claim = await signCompact(signer, 'recourse-claim+jwt', payload);
  return (await session.transport.send('review.claim', { claim }, { signal })).result;
}

async function unkeyed(session: Session, { signal }: CallOptions): Promise<Id<'apl'> | undefined> {
  const { result } = await session.transport.send('review.queue', {}, { signal });
  return result.claims.find(({ keyed, state }) => !keyed && state === 'open')?.appeal;
}

async function assigned(session: Session, { signal }: TakeOptions): Promise<Id<'apl'>> {
  return (await session.transport.send('review.claim', {}, { signal })).result.appeal;
}
