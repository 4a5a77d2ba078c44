import {
  openEnrolment,
  Problem,
  ProtocolError,
  thumbprint,
  type Enrolment,
  type Role,
} from '@recourse/protocol';
import { nodeVerifier } from '../kernel/node-crypto.ts';
import { invalid } from '../kernel/refusal.ts';

/** A proof of possession whose signature, audience and key strength were verified. */
export interface ProvenKey {
  readonly kid: string;
  readonly enrolment: Enrolment;
}

/**
 * Opens a `recourse-enrol+jwt` and checks what it is bound to. Its `invite` member is H of the one-time code
 * where an invite is redeemed, and the thumbprint of the admin key that signs the key's statement where an
 * admin adds a key directly. The two cannot be taken for each other: both are SHA-256, over texts that begin
 * with `recourse/invite/1` and with `{`. So a proof of possession serves one code or one admin key, and no
 * party can enrol a key that was proven to another.
 *
 * @throws Problem `invalid-input` at `enrolment`
 */
export async function openProof(
  compact: string,
  expected: { audience: string; boundTo: string },
): Promise<ProvenKey> {
  try {
    const { audience, boundTo } = expected;
    const enrolment = await openEnrolment(compact, { audience, verify: nodeVerifier });
    if (enrolment.invite !== boundTo) throw invalid('enrolment', 'bound-elsewhere');
    return { kid: thumbprint(enrolment.jwk), enrolment };
  } catch (error) {
    // What the sender made of the artefact is its own fault, and named; a fault of ours is not.
    if (error instanceof ProtocolError) throw invalid('enrolment', error.code);
    throw error;
  }
}

/**
 * The role and rights of a new key are those it was invited for: the sender chooses its enrolment, and
 * would otherwise enrol itself as an admin.
 *
 * @throws Problem `invalid-input` at `enrolment`
 */
export function assertAsInvited(
  enrolment: Pick<Enrolment, 'role' | 'admin'>,
  invited: { role: Role; admin: boolean },
): void {
  if (enrolment.role !== invited.role || enrolment.admin !== invited.admin) {
    throw invalid('enrolment', 'not-as-invited');
  }
}

/** Wrong, expired and used codes are one answer: guesses learn nothing. */
export const inviteInvalid = (): Problem => new Problem('invite-invalid');
