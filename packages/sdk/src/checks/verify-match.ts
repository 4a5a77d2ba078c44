import {
  verifySubject,
  type Action,
  type Control,
  type Corroboration,
  type Id,
  type IdentifierKind,
  type Match,
  type ReasonCode,
  type SanctionStatement,
} from '@recourse/protocol';
import { failAs, RecourseError } from '../errors.ts';
import type { Session } from '../session.ts';
import type { IdentifierToken } from './tokens.ts';
import { verifyAmendment, verifyStatement, verifySubjectsUpdate } from './verify-statement.ts';

/** One sanction disclosed by one check, after everything about it was verified. */
export interface VerifiedMatch {
  readonly match: Id<'mat'>;
  readonly sanction: Id<'snc'>;
  readonly version: number;
  readonly reason: ReasonCode;
  readonly action: Action;
  readonly submitter: { readonly id: string; readonly name: string };
  /** Which kind of identifier matched, where it stood in the creator, and how the submitter proved it */
  readonly identifier: IdentifierKind;
  readonly identifierPath: string;
  readonly control: Control;
  readonly provenAt: Date;
  readonly since: Date;
  readonly expiresAt: Date;
  /** An appeal is open: do not treat what it says as settled */
  readonly disputed: boolean;
  readonly corroboration: Corroboration;
  readonly priorMatch: boolean;
  /** What the submitter signed; `reason` and `expiresAt` above already follow an amendment */
  readonly statement: SanctionStatement;
}

/** A token that was sent, with where its identifier stood. */
export type AskedToken = IdentifierToken & { readonly path: string };

/**
 * Verifies one match: statement and signer, own token in the signed tree, times. An invented, edited or
 * misdirected record fails here, whoever made it.
 * @throws RecourseError `statement-invalid`, `commitment-invalid`, `chain-invalid`, `answer-invalid`
 */
export async function verifyMatch(
  session: Session,
  match: Match,
  asked: readonly AskedToken[],
): Promise<VerifiedMatch> {
  const token = asked[match.token];
  if (!token) throw new RecourseError('answer-invalid');
  return failAs('statement-invalid', async () => {
    const statement = await verifyStatement(session, match.statement, match.sanction);
    await verifyLeaf(session, { match, statement, token });
    const amended = await amend(session, match, statement);
    assertTimes(match, { exp: amended.exp, now: session.transport.now() });
    const { match: id, sanction, version, disputed, corroboration, priorMatch, leaf } = match;
    return {
      match: id,
      sanction,
      version,
      disputed,
      corroboration,
      priorMatch,
      statement,
      reason: amended.reason,
      action: statement.action,
      submitter: { id: statement.iss, name: await session.parties.name(statement.iss) },
      identifier: leaf.kind,
      identifierPath: token.path,
      control: leaf.control,
      provenAt: new Date(leaf.provenAt * 1000),
      since: new Date(match.since),
      expiresAt: new Date(match.expiresAt),
    };
  });
}

/**
 * The leaf must hold the caller's own token under the root the submitter signed: otherwise the registry
 * could show anybody's sanction for anybody's check.
 */
async function verifyLeaf(
  session: Session,
  of: { match: Match; statement: SanctionStatement; token: AskedToken },
): Promise<void> {
  const { leaf, subjectsUpdate } = of.match;
  if (leaf.kind !== of.token.kind || leaf.epoch !== of.token.epoch) {
    throw new RecourseError('commitment-invalid');
  }
  const update =
    subjectsUpdate === undefined
      ? undefined
      : await verifySubjectsUpdate(session, subjectsUpdate, of.statement);
  if (update && update.epoch !== leaf.epoch) throw new RecourseError('commitment-invalid');
  const root = (update ?? of.statement).subjects;
  await failAs('commitment-invalid', () => verifySubject(leaf, { token: of.token.token, root }));
}

async function amend(
  session: Session,
  match: Match,
  statement: SanctionStatement,
): Promise<{ reason: ReasonCode; exp: number }> {
  const { reason, exp } = statement;
  if (match.amendment === undefined) return { reason, exp };
  const decision = await verifyAmendment(session, match.amendment, statement);
  // A decision can only lessen: a longer life would be nobody's statement.
  return { reason: decision.reason ?? reason, exp: Math.min(exp, decision.exp ?? exp) };
}

function assertTimes(match: Match, signed: { exp: number; now: Date }): void {
  const expiresAt = Date.parse(match.expiresAt) / 1000;
  if (expiresAt > signed.exp || signed.exp * 1000 <= signed.now.getTime()) {
    throw new RecourseError('statement-invalid');
  }
}
