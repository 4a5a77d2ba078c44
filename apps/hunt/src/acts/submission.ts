import { accountCommitment, caseKey, type EvidenceItem, type ReasonCode } from '@recourse/protocol';
import { buildSubmission, testOrigin } from '@recourse/testkit';
import { tokenOf } from '../world/real-tokens.ts';
import type { Principal } from '../world/principals.ts';
import type { Stage } from '../world/stage.ts';
import { keyOf, random32, secret } from './keys.ts';
import type { Located, RecordMade } from './things.ts';

export const reasonsFiled = [
  'fraud.phishing',
  'fraud.scam',
  'identity.impersonation',
  'network.fake-accounts',
  'identity.account-takeover',
] as const satisfies readonly ReasonCode[];

const evidenceFor: Readonly<Record<(typeof reasonsFiled)[number], EvidenceItem['class']>> = {
  'fraud.phishing': 'captured-artefact',
  'fraud.scam': 'payment-records',
  'identity.impersonation': 'claimant-verification',
  'network.fake-accounts': 'link-analysis',
  'identity.account-takeover': 'session-records',
};

/** The class that the proof floor of a reason asks for. */
export const evidenceOf = (reason: string): EvidenceItem['class'] =>
  Object.entries(evidenceFor).find(([name]) => name === reason)?.[1] ?? 'captured-artefact';

/** By which identifiers a record says who it is about; `planted` adds an address of somebody else. */
export const aboutBy = [
  'email',
  'email+domain',
  'email+account',
  'account',
  'phone',
  'domain',
  'planted',
] as const;
export type AboutBy = (typeof aboutBy)[number];

const controls = {
  email: 'otp',
  phone: 'otp',
  domain: 'dns',
  account: 'kyc',
} as const;
const day = 86_400;

export interface Filing {
  readonly about: string;
  readonly by: AboutBy;
  readonly reason: (typeof reasonsFiled)[number];
}

/** A submission with a canary in its account, and what a hunt keeps of it. */
export async function fileAbout(stage: Stage, by: Principal, filing: Filing) {
  const { subjects, owners } = subjectsOf(stage, by, filing);
  const code = secret();
  const now = stage.registry.now();
  const account = {
    text: stage.canary({ kind: 'account', sanction: '', author: by.name }),
    salt: random32(),
  };
  const submission = await buildSubmission({
    signedBy: keyOf(by),
    audience: testOrigin,
    now,
    statement: {
      reason: filing.reason,
      evidence: [{ class: evidenceFor[filing.reason], commitment: random32() }],
      account: accountCommitment(account),
      exp: stage.now + 150 * day,
    },
    subjects: subjects.map(({ kind, value }) => ({
      kind,
      control: controls[kind as keyof typeof controls],
      token: tokenOf(kind, value),
    })),
    submission: { account, caseKey: caseKey(code) },
  });
  const made = (sanction: RecordMade['sanction']): RecordMade => ({
    sanction,
    submitter: by.name,
    about: filing.about,
    subjects,
    owners,
    reason: filing.reason,
    evidence: 1,
    exp: stage.now + 150 * day,
    decidedAt: stage.now - 2 * day,
  });
  return { submission, code, account: account.text, made };
}

function subjectsOf(stage: Stage, by: Principal, { about, by: way }: Filing) {
  const own = stage.who(about).identifiers;
  const accountAt = `@${by.platform?.name.toLowerCase()}.example`;
  const kinds = way === 'planted' ? ['email'] : way.split('+');
  const subjects: Located[] = own.filter(({ kind, value }) =>
    kind === 'account' ? kinds.includes(kind) && value.endsWith(accountAt) : kinds.includes(kind),
  );
  if (way === 'account' && subjects.length === 0)
    subjects.push(...own.filter(({ kind }) => kind === 'account').slice(0, 1));
  const friend = stage.who('friend');
  if (way !== 'planted') return { subjects, owners: [about] };
  const planted = friend.identifiers.filter(({ kind }) => kind === 'email');
  return { subjects: [...subjects, ...planted], owners: [about, friend.name] };
}
