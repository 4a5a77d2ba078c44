import {
  accountCommitment,
  subjectCommitments,
  subjectsRoot,
  type Registration,
  type SanctionStatement,
  type Subject,
  type Submission,
} from '@recourse/protocol';
import type { Facts, OpenedSubmission } from '../src/submissions/facts.ts';
import { submitted } from '../src/submissions/submission.rules.ts';

export const day = 86_400;
/** 2026-03-04T12:00:00Z, a Wednesday. */
export const now = 1_772_625_600;
export const at = (seconds: number): Date => new Date(seconds * 1000);

const origin = 'https://registry.example';
const platform = 'plt_01hzy3v7q8e9k4m5n6p7r8s9t0';
const sanction = 'snc_01hzy3v7q8e9k4m5n6p7r8s9t0';
export const other = 'snc_01hzy3v7q8e9k4m5n6p7r8s9t1';

export const bytes32 = (n: number): string => Buffer.alloc(32, n).toString('base64url');

export interface Change {
  readonly statement?: Partial<SanctionStatement>;
  readonly subjects?: readonly Partial<Subject>[];
  readonly input?: Partial<Submission>;
  readonly facts?: Partial<Facts>;
  readonly registration?: Partial<Registration>;
}

/** A submission that every rule accepts, with what a test changes of it. */
export function submission(change: Change = {}): OpenedSubmission {
  const subjects = (change.subjects ?? [{}]).map((subject, index): Subject => ({
    index,
    epoch: 1,
    kind: 'domain',
    control: 'dns',
    provenAt: now - 12 * day,
    salt: bytes32(100 + index),
    token: bytes32(200 + index),
    ...subject,
  }));
  const padding = Array.from({ length: 8 - subjects.length }, (_, i) => bytes32(i));
  const account = { text: 'Hosted a copy of a login page.', salt: bytes32(9) };
  const statement: SanctionStatement = {
    iss: platform,
    aud: origin,
    jti: sanction,
    iat: now - 60,
    exp: now + 300 * day,
    taxonomy: '1',
    reason: 'fraud.phishing',
    action: 'account-terminated',
    decided_at: now - 2 * day,
    incident_from: now - 14 * day,
    incident_to: now - 10 * day,
    subjects: subjectsRoot(subjectCommitments(subjects, padding)),
    evidence: [{ class: 'captured-artefact', commitment: bytes32(50) }],
    policy: 0,
    decided_by: 'human',
    origin: 'own-detection',
    attest: ['no-authority', 'no-takeover'],
    age: 'unknown',
    account: accountCommitment(account),
    ...change.statement,
  };
  const input: Submission = {
    statement: 'not.read.here',
    tokens: subjects,
    padding,
    account,
    caseKey: bytes32(60),
    ...change.input,
  };
  return submitted(statement, input);
}

export function facts(change: Change = {}): Facts {
  const registration: Registration = {
    name: 'Harbour',
    domain: 'harbour.example',
    jurisdiction: 'NL',
    group: 'harbour',
    owners: [],
    stateOwned: false,
    policies: ['https://harbour.example/policy'],
    contacts: { complaints: 'c@harbour.example', dataProtection: 'd@harbour.example' },
    legalBasis: 'gdpr-art-10-authorised',
    language: 'en',
    checkOnly: false,
    ...change.registration,
  };
  return {
    now: at(now),
    origin,
    caller: platform,
    platform: {
      suspended: false,
      enabledReasons: ['fraud.phishing', 'fraud.scam', 'abuse.ncii', 'abuse.doxxing'],
      registration,
      active: true,
      backlog: { waiting: 0, decidedIn30Days: 0, isAsked: false },
      reviewers: 3,
    },
    flaggers: [
      { id: 'tf-0001', name: 'Helpline', publicBody: false },
      { id: 'tf-0002', name: 'Ministry desk', publicBody: true },
    ],
    recordsEpoch: 1,
    leftBehind: false,
    known: false,
    earlier: [],
    bucket: { limit: 20, spent: 0 },
    ...change.facts,
  };
}
