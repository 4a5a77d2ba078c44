import {
  dsaStatement,
  type DsaDetails,
  type DsaStatement,
  type Id,
  type IssueCode,
} from '@recourse/protocol';
import { RecourseError } from '../errors.ts';
import type { Operations } from '../operations.ts';
import type { Session } from '../session/session.ts';
import { ownRecord } from './own-record.ts';

/** The record, and facts that only the platform knows. `puid` defaults to the `ref` of the submission. */
export type DsaOrder = Omit<DsaDetails, 'puid' | 'policy'> & {
  /** Id of an own record */
  readonly sanction: Id<'snc'>;

  /** The platform's unique id of the decision; by default the `ref` of the submission */
  readonly puid?: string | undefined;
};

/**
 * The statement of reasons of an own sanction for the DSA Transparency Database, without personal data. You send it,
 * with the platform's own token.
 * @throws RecourseError `invalid-input` if there is no reference or a detail does not fit
 */
export async function dsaStatementOf(
  session: Session,
  operations: Operations['sanctions'],
  { sanction, ...details }: DsaOrder,
): Promise<DsaStatement> {
  const { record, statement, policy } = await ownRecord(session, operations, sanction);
  const puid = details.puid ?? record.ref;
  if (puid === undefined) throw invalid([{ path: 'puid', code: 'missing' }]);
  if (policy === undefined) throw invalid([{ path: 'policy', code: 'not-published' }]);
  try {
    return dsaStatement(statement, { ...details, puid, policy });
  } catch (cause) {
    throw invalid([{ path: 'puid', code: 'does-not-fit' }], cause);
  }
}

const invalid = (issues: { path: string; code: IssueCode }[], cause?: unknown): RecourseError =>
  new RecourseError('invalid-input', { issues, ...(cause === undefined ? {} : { cause }) });
