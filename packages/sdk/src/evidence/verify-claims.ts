import {
  assertStrongKey,
  claimSchema,
  peekArtefact,
  thumbprint,
  verifySignature,
  type ReviewId,
  type SealingKey,
} from '@recourse/protocol';
import { failAs, RecourseError } from '../errors.ts';
import type { Session } from '../session/session.ts';

/** As many as one sealed item has recipients at most. */
const maxClaims = 4;

/**
 * The keys to seal evidence to. Claims come from the registry, which could slip in one of its own and read
 * what is for reviewers alone: each must be signed, for this appeal and this registry, by a reviewer key
 * that leads back to the enrolment key of the panel and stands now.
 * @throws RecourseError `claim-missing`, `claim-invalid`, `chain-invalid`
 */
export async function verifyClaims(
  session: Session,
  claimed: { appeal: ReviewId; claims: readonly string[] },
): Promise<SealingKey[]> {
  if (claimed.claims.length === 0) throw new RecourseError('claim-missing');
  if (claimed.claims.length > maxClaims) throw invalid();
  const keys: SealingKey[] = [];
  for (const compact of claimed.claims) {
    keys.push(await failAs('claim-invalid', () => verifyClaim(session, compact, claimed.appeal)));
  }
  // Each claim has a fresh key: two claims with one are a reviewer's and a copy of it.
  if (new Set(keys.map((key) => thumbprint(key))).size !== keys.length) throw invalid();
  return keys;
}

async function verifyClaim(
  session: Session,
  compact: string,
  appeal: ReviewId,
): Promise<SealingKey> {
  const form = { typ: 'recourse-claim+jwt', schema: claimSchema } as const;
  const { jws, payload } = peekArtefact(compact, form);
  if (payload.appeal !== appeal) throw invalid();
  const { aud, key } = payload;
  const signer = await session.parties.key('panel', jws.kid, { anew: true });
  if (signer.role !== 'reviewer' || signer.revoked) throw invalid();
  await verifySignature(jws, signer.jwk, session.verify);
  if (aud !== session.origin) throw invalid();
  assertStrongKey(key);
  return key;
}

const invalid = (): RecourseError => new RecourseError('claim-invalid');
