import {
  reviewIdOf,
  signCompact,
  toNumericDate,
  type Claim,
  type OpOutput,
  type ReviewId,
} from '@recourse/protocol';
import { isRecourseError, RecourseError } from '../errors.ts';
import { saveFreshKey } from '../evidence/seal.ts';
import type { PrivateSealingKey, SealingKeys } from '../session/sealing-keys.ts';
import type { Session } from '../session/session.ts';
import { needSigner } from '../signers.ts';
import type { CallOptions } from '../transport/transport.ts';

/** A signal that ends the call early. */
export type TakeOptions = Pick<CallOptions, 'signal'>;

/** A case that was taken: what it is about, and until when to decide. */
export type TakenCase = OpOutput<'review.claim'>;

/** Cases that were assigned together and have no key yet. */
interface Assignment {
  /** Name that the key is saved under: the first appeal of the batch */
  readonly batch: ReviewId;
  readonly appeals: readonly ReviewId[];
}

/**
 * Takes the case that is due first: assigned by the registry, then keyed, with all that came along on the same evidence.
 * States: assigned, key saved, claimed. A crash in between is mended by taking again: what is assigned and has no key
 * comes first.
 * @throws RecourseError `sealing-key-missing`, `signer-missing`
 */
export async function take(session: Session, options: TakeOptions = {}): Promise<TakenCase> {
  const { sealingKeys } = session;
  // Before anything is assigned: without a place for its key, nobody could open what is delivered.
  if (!sealingKeys) throw new RecourseError('sealing-key-missing');
  // Before the registry assigns anything, too.
  needSigner(session.signers, 'reviewer');
  const { batch, appeals } =
    (await unkeyed(session, options)) ?? (await assigned(session, options));
  const [appeal = batch, ...others] = appeals;
  const { key, taken } = await takeFirst(session, { sealingKeys, batch, appeal }, options);
  if (appeal !== batch) await sealingKeys.save(appeal, key);
  for (const other of others) {
    await sealingKeys.save(other, key);
    await claimWith(session, { appeal: other, key }, options);
  }
  return taken;
}

async function takeFirst(
  session: Session,
  taking: { sealingKeys: SealingKeys; batch: ReviewId; appeal: ReviewId },
  options: TakeOptions,
): Promise<{ key: PrivateSealingKey; taken: TakenCase }> {
  const { sealingKeys, batch, appeal } = taking;
  const claimFresh = async () => {
    const key = await saveFreshKey(sealingKeys, batch);
    return { key, taken: await claimWith(session, { appeal, key }, options) };
  };
  // One that was saved is used: the claim with it may be on its way.
  const key = await sealingKeys.load(batch);
  if (!key) return claimFresh();
  try {
    return { key, taken: await claimWith(session, { appeal, key }, options) };
  } catch (error) {
    if (!isUsedUp(error)) throw error;
    return claimFresh();
  }
}

/** The key is that of an earlier claim, which was lost: each claim has a key of its own. */
const isUsedUp = (error: unknown): boolean =>
  isRecourseError(error, 'invalid-input') && error.hasIssue('not-fresh', 'claim.key');

async function claimWith(
  session: Session,
  sealing: { appeal: ReviewId; key: PrivateSealingKey },
  { signal }: CallOptions,
): Promise<TakenCase> {
  const { d: _, ...key } = sealing.key;
  const payload: Claim = {
    iss: 'panel',
    aud: session.origin,
    appeal: sealing.appeal,
    key,
    iat: toNumericDate(session.transport.now()),
  };
  const signer = needSigner(session.signers, 'reviewer');
  const claim = await signCompact(signer, 'recourse-claim+jwt', payload);
  return (await session.transport.send('review.claim', { claim }, { signal })).result;
}

async function unkeyed(session: Session, { signal }: CallOptions): Promise<Assignment | undefined> {
  const { result } = await session.transport.send('review.queue', {}, { signal });
  const open = result.claims.filter(({ keyed, state }) => !keyed && state === 'open');
  const batch = open[0]?.batch;
  if (batch === undefined) return undefined;
  const appeals = open.filter((one) => one.batch === batch).map(reviewIdOf);
  return { batch, appeals };
}

async function assigned(session: Session, { signal }: TakeOptions): Promise<Assignment> {
  const { result } = await session.transport.send('review.claim', {}, { signal });
  return { batch: reviewIdOf(result), appeals: result.batch };
}
