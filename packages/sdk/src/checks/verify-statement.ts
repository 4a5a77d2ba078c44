import {
  appealDecisionSchema,
  peekArtefact,
  sanctionStatementSchema,
  subjectsUpdateSchema,
  verifySignature,
  withdrawalSchema,
  type ChainedKey,
  type CompactJws,
  type AppealDecision,
  type Role,
  type SanctionStatement,
  type SubjectsUpdate,
  type Withdrawal,
} from '@recourse/protocol';
import { RecourseError } from '../errors.ts';
import type { Session } from '../session/session.ts';

/**
 * Opens a disclosed statement with a trust key of the submitter it names, through that party's key chain.
 * @throws RecourseError `statement-invalid`, `chain-invalid`; ProtocolError if it is malformed
 */
export async function verifyStatement(
  session: Session,
  compact: string,
  sanction: string,
): Promise<SanctionStatement> {
  const { jws, payload } = peekArtefact(compact, {
    typ: 'recourse-sanction+jwt',
    schema: sanctionStatementSchema,
  });
  await verifySigner(session, jws, { party: payload.iss, role: 'trust', iat: payload.iat });
  // A statement of another registry or another sanction, replayed here, would fit no other check.
  if (payload.aud !== session.origin || payload.jti !== sanction) throw invalid();
  return payload;
}

/**
 * The withdrawal of a record, signed by its submitter.
 * @throws RecourseError `statement-invalid`, `chain-invalid`; ProtocolError if it is malformed
 */
export async function verifyWithdrawal(
  session: Session,
  compact: string,
  statement: SanctionStatement,
): Promise<Withdrawal> {
  const { jws, payload } = peekArtefact(compact, {
    typ: 'recourse-withdrawal+jwt',
    schema: withdrawalSchema,
  });
  await verifySigner(session, jws, { party: statement.iss, role: 'trust', iat: payload.iat });
  const fits = payload.iss === statement.iss && payload.sub === statement.jti;
  if (!fits || payload.aud !== session.origin) throw invalid();
  return payload;
}

/** The same subjects under a newer epoch, signed by the same submitter. */
export async function verifySubjectsUpdate(
  session: Session,
  compact: string,
  statement: SanctionStatement,
): Promise<SubjectsUpdate> {
  const { jws, payload } = peekArtefact(compact, {
    typ: 'recourse-subjects+jwt',
    schema: subjectsUpdateSchema,
  });
  await verifySigner(session, jws, { party: statement.iss, role: 'trust', iat: payload.iat });
  if (payload.iss !== statement.iss || payload.sub !== statement.jti) throw invalid();
  return payload;
}

/** A decision of the panel whose values replace the statement's. */
export async function verifyAmendment(
  session: Session,
  compact: string,
  sanction: string,
): Promise<AppealDecision> {
  const { jws, payload } = peekArtefact(compact, {
    typ: 'recourse-decision+jwt',
    schema: appealDecisionSchema,
  });
  await verifySigner(session, jws, { party: 'panel', role: 'reviewer', iat: payload.iat });
  const fits = payload.aud === session.origin && payload.sub === sanction;
  if (!fits || payload.outcome !== 'amended') throw invalid();
  return payload;
}

/** Whatever is disclosed is attacker-controlled until a key of the right party and role has signed it. */
async function verifySigner(
  session: Session,
  jws: CompactJws,
  expected: { party: string; role: Role; iat: number },
): Promise<void> {
  const key = await session.parties.key(expected.party, jws.kid);
  if (key.role !== expected.role || isRefused(key, expected.iat)) throw invalid();
  await verifySignature(jws, key.jwk, session.verify);
}

/**
 * A retired key's statements count. A compromised key's count when they were logged before `since`, which
 * the registry shows by answering them at all; one dated later, or of a key with no `since`, never counts.
 */
export function isRefused({ revoked }: ChainedKey, iat: number): boolean {
  if (revoked?.why !== 'compromised') return false;
  return revoked.since === undefined || iat >= Date.parse(revoked.since) / 1000;
}

const invalid = (): RecourseError => new RecourseError('statement-invalid');
