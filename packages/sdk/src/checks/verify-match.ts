import {
  verifySubject,
  type Action,
  type Control,
  type Corroboration,
  type AppealDecision,
  type Id,
  type IdentifierKind,
  type Match,
  type MatchAdvice,
  type ReasonCode,
  type SanctionStatement,
  type SubjectPath,
} from '@recourse/protocol';
import { failAs, RecourseError } from '../errors.ts';
import type { Session } from '../session/session.ts';
import type { IdentifierToken } from '../session/recent-checks.ts';
import { verifyAmendment, verifyStatement, verifySubjectsUpdate } from './verify-statement.ts';

interface MatchFacts {
  /** Id of the match, for its outcome */
  readonly match: Id<'mat'>;

  /** Id of the record */
  readonly sanction: Id<'snc'>;

  /** Version of the record that was disclosed */
  readonly version: number;
  /** Without `review` refuse nobody: have the person prove a second identifier and check again, or ask the submitter */
  readonly advice: MatchAdvice;
  /** The kind of identifier that matched, and its place in the creator */
  readonly identifier: IdentifierKind;

  /** Its place in the creator, such as `email.1` */
  readonly identifierPath: string;

  /** When the record was made */
  readonly since: Date;

  /** When the record ends */
  readonly expiresAt: Date;
  /** An appeal is open: do not treat the record as settled */
  readonly disputed: boolean;
  /** Other groups with a record on it. They recorded the same, and may not have found it out independently */
  readonly corroboration: Corroboration;

  /** The submitter had been told of another record on the creator before it made this one */
  readonly priorMatch: boolean;
}

/** A sanction that its submitter signed, about the creator's own identifier. */
export interface ToldMatch extends MatchFacts {
  /** The registry shows reason and submitter */
  readonly reasonWithheld: false;

  /** Code of the taxonomy */
  readonly reason: ReasonCode;

  /** Act of the submitter */
  readonly action: Action;

  /** The party that signed the record */
  readonly submitter: { readonly id: string; readonly name: string };
  /** How and when the submitter proved that the creator controls the identifier */
  readonly control: Control;

  /** When the submitter proved it */
  readonly provenAt: Date;
  /** The submitter's signed statement; `reason` and `expiresAt` above already follow an amendment */
  readonly statement: SanctionStatement;
  /** The reviewer's decision whose values replace the statement's */
  readonly amendment?: AppealDecision;
}

/**
 * A sanction under an appeal that disputes the person or the act. The registry withholds submitter and reason, so no
 * signature shows it. Verify the identity, and do nothing else because of it.
 */
export interface WithheldMatch extends MatchFacts {
  /** An appeal is open, and the registry shows neither reason nor submitter */
  readonly reasonWithheld: true;

  /** Withheld */
  readonly reason?: undefined;

  /** Withheld */
  readonly action?: undefined;

  /** Withheld */
  readonly submitter?: undefined;

  /** Withheld */
  readonly control?: undefined;

  /** Withheld */
  readonly provenAt?: undefined;

  /** Withheld */
  readonly statement?: undefined;

  /** Withheld */
  readonly amendment?: undefined;
}

/** One sanction that a check disclosed, completely verified. */
export type VerifiedMatch = ToldMatch | WithheldMatch;

/** A token that was sent, with the place of its identifier. */
export type AskedToken = IdentifierToken & { readonly path: string };

/**
 * Verifies one match: statement and signer, own token in the signed tree, times. An invented, edited or misdirected
 * record fails here.
 * @throws RecourseError `statement-invalid`, `commitment-invalid`, `chain-invalid`, `answer-invalid`
 */
export async function verifyMatch(
  session: Session,
  match: Match,
  tokens: readonly AskedToken[],
): Promise<VerifiedMatch> {
  const token = tokens[match.token];
  if (!token) throw new RecourseError('answer-invalid');
  const { statement: compact, leaf } = match;
  return failAs('statement-invalid', async () => {
    if (compact === undefined && leaf === undefined) return verifyWithheld(session, match, token);
    if (compact === undefined || leaf === undefined) throw new RecourseError('answer-invalid');
    const statement = await verifyStatement(session, compact, match.sanction);
    return verifyTold(session, { match, token, leaf, statement });
  });
}

interface MatchParts {
  readonly match: Match;
  readonly token: AskedToken;
  readonly leaf: SubjectPath;
  readonly statement: SanctionStatement;
}

async function verifyTold(session: Session, parts: MatchParts): Promise<ToldMatch> {
  const { match, token, leaf, statement } = parts;
  await verifyLeaf(session, parts);
  const { reason, exp, amendment } = await amend(session, parts);
  assertTimes(match, { exp, now: session.transport.now() });
  return {
    ...factsOf(match, token),
    reasonWithheld: false,
    statement,
    reason,
    action: statement.action,
    submitter: { id: statement.iss, name: await session.parties.name(statement.iss) },
    control: leaf.control,
    provenAt: new Date(leaf.provenAt * 1000),
    ...(amendment ? { amendment } : {}),
  };
}

/** Without a statement there is only the registry's word: it counts for as long as an appeal is open. */
async function verifyWithheld(
  session: Session,
  match: Match,
  token: AskedToken,
): Promise<WithheldMatch> {
  if (!match.disputed) throw new RecourseError('statement-invalid');
  const { amendment, sanction, expiresAt } = match;
  const decision =
    amendment === undefined ? undefined : await verifyAmendment(session, amendment, sanction);
  assertTimes(match, {
    exp: decision?.exp ?? Date.parse(expiresAt) / 1000,
    now: session.transport.now(),
  });
  return { ...factsOf(match, token), reasonWithheld: true };
}

const factsOf = (match: Match, token: AskedToken): MatchFacts => ({
  match: match.match,
  sanction: match.sanction,
  version: match.version,
  advice: match.advice,
  identifier: token.kind,
  identifierPath: token.path,
  since: new Date(match.since),
  expiresAt: new Date(match.expiresAt),
  disputed: match.disputed,
  corroboration: match.corroboration,
  priorMatch: match.priorMatch,
});

/**
 * The leaf must hold the caller's own token under the root the submitter signed: otherwise the registry
 * could show anybody's sanction for anybody's check.
 */
async function verifyLeaf(session: Session, parts: MatchParts): Promise<void> {
  const { leaf, token, statement } = parts;
  const { subjectsUpdate } = parts.match;
  if (leaf.kind !== token.kind || leaf.epoch !== token.epoch) {
    throw new RecourseError('commitment-invalid');
  }
  const update =
    subjectsUpdate === undefined
      ? undefined
      : await verifySubjectsUpdate(session, subjectsUpdate, statement);
  if (update && update.epoch !== leaf.epoch) throw new RecourseError('commitment-invalid');
  const root = (update ?? statement).subjects;
  await failAs('commitment-invalid', () => verifySubject(leaf, { token: token.token, root }));
}

async function amend(
  session: Session,
  { match, leaf, statement }: MatchParts,
): Promise<{ reason: ReasonCode; exp: number; amendment?: AppealDecision }> {
  const { reason, exp } = statement;
  if (match.amendment === undefined) return { reason, exp };
  const amendment = await verifyAmendment(session, match.amendment, statement.jti);
  // The reviewer found that this identifier is not theirs: whoever shows it all the same is wrong.
  if (amendment.detach?.includes(leaf.index)) throw new RecourseError('commitment-invalid');
  // A decision can only lessen: a longer life would be nobody's statement.
  return {
    amendment,
    reason: amendment.reason ?? reason,
    exp: Math.min(exp, amendment.exp ?? exp),
  };
}

function assertTimes(match: Match, signed: { exp: number; now: Date }): void {
  const expiresAt = Date.parse(match.expiresAt) / 1000;
  if (expiresAt > signed.exp || signed.exp * 1000 <= signed.now.getTime()) {
    throw new RecourseError('statement-invalid');
  }
}
