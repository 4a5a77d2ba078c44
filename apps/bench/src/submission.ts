import { randomBytes } from 'node:crypto';
import {
  accountCommitment,
  newId,
  signCompact,
  subjectCommitments,
  subjectsRoot,
  type SanctionStatement,
  type Submission,
} from '@recourse/protocol';
import type { Stage, StageKey } from './stage.ts';
import type { Signer } from '@recourse/protocol';

const day = 86_400;
const random32 = (): string => randomBytes(32).toString('base64url');

/** A valid submission about one domain, whose token is random: the registry cannot tell it from another. */
export async function makeSubmission(
  stage: Stage,
  trust: { key: StageKey; signer: Signer },
  { epoch = 1, evidence = random32() } = {},
): Promise<{ submission: Submission; statement: SanctionStatement }> {
  const date = new Date();
  const now = Math.floor(date.getTime() / 1000);
  const subject = {
    index: 0,
    epoch,
    kind: 'domain',
    control: 'dns',
    provenAt: now - 12 * day,
    salt: random32(),
    token: random32(),
  } as const;
  const padding = Array.from({ length: 7 }, random32);
  const account = { text: 'Hosted a copy of a bank login page.', salt: random32() };
  const statement: SanctionStatement = {
    iss: trust.key.party as SanctionStatement['iss'],
    aud: stage.origin,
    jti: newId('snc', { now: date, random: (size) => randomBytes(size) }),
    iat: now,
    exp: now + 300 * day,
    taxonomy: '1',
    reason: 'fraud.phishing',
    action: 'account-terminated',
    decided_at: now - 2 * day,
    incident_from: now - 14 * day,
    incident_to: now - 10 * day,
    subjects: subjectsRoot(subjectCommitments([subject], padding)),
    evidence: [{ class: 'captured-artefact', commitment: evidence }],
    policy: 0,
    decided_by: 'human',
    origin: 'own-detection',
    attest: ['no-authority', 'no-takeover'],
    age: 'unknown',
    account: accountCommitment(account),
  };
  const signed = await signCompact(trust.signer, 'recourse-sanction+jwt', statement);
  const submission = {
    statement: signed,
    tokens: [subject],
    padding,
    account,
    caseKey: random32(),
  };
  return { submission, statement };
}
