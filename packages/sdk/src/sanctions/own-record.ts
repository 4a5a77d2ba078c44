import {
  accountCommitment,
  type Id,
  type OpOutput,
  type Registration,
  type SanctionStatement,
} from '@recourse/protocol';
import { verifyStatement } from '../checks/verify-statement.ts';
import { RecourseError } from '../errors.ts';
import type { Operations } from '../operations.ts';
import type { Session } from '../session/session.ts';

/** An own record, and what the own key signed about it. */
export interface OwnRecord {
  /** The record as the registry has it */
  readonly record: OpOutput<'sanctions.get'>;
  /** As the own trust key signed it */
  readonly statement: SanctionStatement;
  /** The own party as the directory has it */
  readonly registration: Registration;
  /** Address of the broken policy; none where the party has published fewer since */
  readonly policy: string | undefined;
}

/**
 * An own sanction with its verified statement: what the creator and the public are told must not be what a false
 * registry says of it.
 * @throws RecourseError `statement-invalid`, `not-found`
 */
export async function ownRecord(
  session: Session,
  operations: Operations['sanctions'],
  sanction: Id<'snc'>,
): Promise<OwnRecord> {
  const record = await operations.get({ sanction });
  const statement = await verifyStatement(session, record.statement, sanction);
  if (statement.iss !== session.party) throw new RecourseError('statement-invalid');
  const account = record.draft?.account;
  if (account && accountCommitment(account) !== statement.account) {
    throw new RecourseError('commitment-invalid');
  }
  const registration = await session.parties.registration(session.party);
  return { record, statement, registration, policy: registration.policies[statement.policy] };
}
