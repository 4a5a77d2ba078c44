import {
  peekArtefact,
  sharedJournalSchema,
  signCompact,
  toNumericDate,
  verifySignature,
  type ChainedKey,
  type CompactJws,
  type Id,
  type SharedJournal,
} from '@recourse/protocol';
import { isRefused } from '../checks/verify-statement.ts';
import { RecourseError } from '../errors.ts';
import { statedEvidence } from '../evidence/open.ts';
import type { Session } from '../session/session.ts';
import { needSigner } from '../signers.ts';
import type { CallOptions } from '../transport/transport.ts';
import type { JournalEntry } from './journal-entry.ts';

/** Signed: a public key is no secret, so that anybody could seal a journal with an address of their own in it. */
export function signJournal(
  session: Session,
  sanction: Id<'snc'>,
  { caseCode, account, identifiers, evidence }: JournalEntry,
): Promise<string> {
  const payload = sharedJournalSchema.parse({
    iss: session.party,
    aud: session.origin,
    sub: sanction,
    iat: toNumericDate(session.transport.now()),
    // An import that sends a record again has it in a file alone.
    caseCode: caseCode === '' ? undefined : caseCode,
    account,
    identifiers,
    evidence,
  });
  return signCompact(needSigner(session.signers, 'trust'), 'recourse-journal+jwt', payload);
}

/**
 * Verifies the note that a colleague signed about this record: its evidence is what the statement of the record commits
 * to.
 * @throws RecourseError `journal-invalid`, `statement-invalid`, `chain-invalid`; ProtocolError if it is malformed
 */
export async function verifyJournal(
  session: Session,
  { compact, sanction }: { compact: string; sanction: Id<'snc'> },
  options: CallOptions,
): Promise<SharedJournal> {
  const form = { typ: 'recourse-journal+jwt', schema: sharedJournalSchema } as const;
  const { jws, payload } = peekArtefact(compact, form);
  await verifyColleague(session, { jws, payload }, sanction);
  const { result } = await session.transport.send('sanctions.get', { sanction }, options);
  const stated = await statedEvidence(session, { statement: result.statement, sanction });
  const isStated =
    stated.length === payload.evidence.length &&
    stated.every(({ commitment }, at) => commitment === payload.evidence[at]?.commitment);
  if (!isStated) throw invalid();
  return payload;
}

interface Signed {
  readonly jws: CompactJws;
  readonly payload: Pick<SharedJournal, 'iss' | 'aud' | 'iat'> & { readonly sub: string };
}

/**
 * Verifies that a trust key of the own platform signed something about this subject: anybody can seal to a public key, and
 * the registry stores what it is sent.
 * @returns the key that signed it
 * @throws RecourseError `journal-invalid`, `chain-invalid`; ProtocolError if the signature is wrong
 */
export async function verifyColleague(
  session: Session,
  { jws, payload: { iss, aud, sub, iat } }: Signed,
  subject: string,
): Promise<ChainedKey> {
  const key = await session.parties.key(session.party, jws.kid);
  if (key.role !== 'trust' || isRefused(key, iat)) throw invalid();
  await verifySignature(jws, key.jwk, session.verify);
  if (iss !== session.party || aud !== session.origin || sub !== subject) throw invalid();
  return key;
}

const invalid = (): RecourseError => new RecourseError('journal-invalid');
