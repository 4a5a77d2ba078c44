import {
  accountCommitment,
  signCompact,
  subjectCommitments,
  subjectsRoot,
  toNumericDate,
  type SanctionStatement,
  type Subject,
  type Submission,
} from '@recourse/protocol';
import { randomBytes } from 'node:crypto';
import { testId, type TestKey } from './keys.ts';

export const random32 = (): string => randomBytes(32).toString('base64url');

const day = 86_400;

export interface SubmissionOptions {
  readonly signedBy: Pick<TestKey, 'party' | 'signer'>;
  readonly audience: string;
  readonly now: Date;
  readonly statement?: Partial<SanctionStatement>;
  /** Members to leave out of the default, by index; random tokens where none is given */
  readonly subjects?: readonly Partial<Subject>[];
  readonly submission?: Partial<Submission>;
}

/** A submission that every rule accepts: phishing from one domain, ten days ago. Change what a test is about. */
export async function buildSubmission(options: SubmissionOptions): Promise<Submission> {
  const now = toNumericDate(options.now);
  const subjects = (options.subjects ?? [{}]).map((subject, index): Subject => ({
    index,
    epoch: 1,
    kind: 'domain',
    control: 'dns',
    provenAt: now - 12 * day,
    salt: random32(),
    token: random32(),
    ...subject,
  }));
  const padding = Array.from({ length: 8 - subjects.length }, random32);
  const account = { text: 'Hosted a copy of a bank login page.', salt: random32() };
  const statement: SanctionStatement = {
    iss: options.signedBy.party as SanctionStatement['iss'],
    aud: options.audience,
    jti: testId('snc', options.now),
    iat: now,
    exp: now + 300 * day,
    taxonomy: '1',
    reason: 'fraud.phishing',
    action: 'account-terminated',
    decided_at: now - 2 * day,
    incident_from: now - 14 * day,
    incident_to: now - 10 * day,
    subjects: subjectsRoot(subjectCommitments(subjects, padding)),
    evidence: [{ class: 'captured-artefact', commitment: random32() }],
    policy: 0,
    decided_by: 'human',
    origin: 'own-detection',
    attest: ['no-authority', 'no-takeover'],
    age: 'unknown',
    account: accountCommitment(account),
    ...options.statement,
  };
  return {
    statement: await signCompact(options.signedBy.signer, 'recourse-sanction+jwt', statement),
    tokens: subjects,
    padding,
    account,
    caseKey: random32(),
    ...options.submission,
  };
}
