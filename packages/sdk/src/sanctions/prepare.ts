import {
  accountCommitment,
  caseKey,
  defaultExpiry,
  inputIssues,
  newId,
  sanctionStatementSchema,
  signCompact,
  taxonomyVersion,
  toNumericDate,
  type EvidenceItem,
  type IdentifierKind,
  type SanctionStatement,
  type Submission,
  newCaseSecret,
  subjectCommitments,
  subjectLeaves,
  subjectsRoot,
  type Control,
  type Subject,
} from '@recourse/protocol';
import { RecourseError } from '../errors.ts';
import { listIdentifiers } from '../identifiers.ts';
import { aboutInput } from '../input-paths.ts';
import { needNamesNobody } from '../names-nobody.ts';
import { randomSalt, shuffled, type Random } from '../random.ts';
import type { Session } from '../session/session.ts';
import { needSigner } from '../signers.ts';
import { commitEvidence } from '../commitments.ts';
import type { SubmissionIntent } from '../session/outbox.ts';
import { recordTokens } from './record-tokens.ts';
import { statementMadeOf, type SanctionInput } from './sanction-input.ts';

/** A prepared submission before it is known how it will be sent. */
export type PreparedIntent = Omit<SubmissionIntent, 'op'>;

/**
 * Makes everything a submission is: tokens, subject tree, commitments, case code, and the statement signed
 * with the trust key. Only blinded elements have left for it.
 * @throws RecourseError `invalid-input`, `signer-missing`, or of the evaluation
 */
export async function prepareSanction(
  session: Session,
  input: SanctionInput,
): Promise<PreparedIntent> {
  const signer = needSigner(session.signers, 'trust');
  needNamesNobody(input);
  const { random } = session;
  const { items, openings } = await commitEvidence(input.evidence, random);
  const tree = plantSubjects(await provenTokens(session, input), random);
  const account = { text: input.account, salt: randomSalt(random) };
  const statement = statementOf(session, input, {
    subjects: tree.root,
    evidence: items,
    account: accountCommitment(account),
    kinds: tree.subjects.map(({ kind }) => kind),
  });
  const caseCode = newCaseSecret(random);
  const submission = onlyGiven<Submission>({
    statement: await signCompact(signer, 'recourse-sanction+jwt', statement),
    tokens: tree.subjects,
    padding: tree.padding,
    account,
    caseKey: caseKey(caseCode),
    evades: input.evades,
    ref: input.ref,
  });
  const subjects = tree.subjects.map(({ index, kind }) => ({ index, kind }));
  const { jti } = statement;
  return { version: 1, sanction: jti, input: submission, caseCode, evidence: openings, subjects };
}

/** Without what is undefined. Each member is named, so that one that the op table gets later does not compile here. */
function onlyGiven<T>(members: { readonly [K in keyof T]-?: T[K] | undefined }): T {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as T;
}

async function provenTokens(session: Session, input: SanctionInput): Promise<ProvenToken[]> {
  const listed = listIdentifiers(input.creator);
  const identifiers = listed.map(({ kind, item, path }) => ({
    kind,
    value: item.value,
    path: `creator.${path}`,
  }));
  const tokens = await recordTokens(session, identifiers);
  return tokens.map(({ identifier, kind, epoch, token }) => {
    const { control, provenAt } = listed[identifier]?.item ?? missing();
    return { kind, control, provenAt: toNumericDate(provenAt), epoch, token };
  });
}

interface Commitments {
  readonly subjects: string;
  readonly evidence: EvidenceItem[];
  readonly account: string;
  readonly kinds: readonly IdentifierKind[];
}

function statementOf(
  session: Session,
  input: SanctionInput,
  commitments: Commitments,
): SanctionStatement {
  const now = session.transport.now();
  const parsed = sanctionStatementSchema.safeParse({
    iss: session.party,
    aud: session.origin,
    jti: newId('snc', { now, random: session.random }),
    iat: toNumericDate(now),
    exp: toNumericDate(input.expires ?? expiryOf(input, commitments.kinds)),
    taxonomy: taxonomyVersion,
    reason: input.reason,
    action: input.action,
    decided_at: toNumericDate(input.decidedAt),
    incident_from: toNumericDate(input.incident.from),
    incident_to: toNumericDate(input.incident.to),
    subjects: commitments.subjects,
    evidence: commitments.evidence,
    policy: input.policy,
    decided_by: input.decidedBy,
    origin: input.origin,
    attest: input.attest,
    age: input.age,
    ...(input.gravity === undefined ? {} : { gravity: input.gravity }),
    account: commitments.account,
  });
  if (parsed.success) return parsed.data;
  throw new RecourseError('invalid-input', {
    issues: aboutInput(inputIssues(parsed.error), statementMadeOf),
  });
}

function expiryOf(input: SanctionInput, kinds: readonly IdentifierKind[]): Date {
  const { reason, age, incident } = input;
  return defaultExpiry({ reason, age, kinds, incidentTo: incident.to });
}

function missing(): never {
  throw new RecourseError('answer-invalid');
}

/** An identifier as its token, with how the platform proved that the creator controls it. */
interface ProvenToken {
  readonly kind: IdentifierKind;
  readonly control: Control;
  /** NumericDate */
  readonly provenAt: number;
  readonly epoch: number;
  readonly token: string;
}

interface SubjectTree {
  readonly subjects: Subject[];
  /** Commitments of the unused leaves, in the order of their places */
  readonly padding: string[];
  readonly root: string;
}

/** Puts the tokens into places drawn at random, so that neither number nor order tells anything. */
function plantSubjects(tokens: readonly ProvenToken[], random: Random): SubjectTree {
  const places = shuffled(random, [...Array(subjectLeaves).keys()]);
  const subjects = tokens.flatMap((token, at) => {
    const index = places[at];
    return index === undefined ? [] : [{ ...token, index, salt: randomSalt(random) }];
  });
  const padding = Array.from({ length: subjectLeaves - tokens.length }, () => randomSalt(random));
  return { subjects, padding, root: subjectsRoot(subjectCommitments(subjects, padding)) };
}
