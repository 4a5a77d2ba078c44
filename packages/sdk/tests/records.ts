import { evaluateToken } from '@recourse/blind/server';
import { tokenInput } from '@recourse/blind';
import {
  signCompact,
  subjectCommitments,
  subjectPath,
  subjectsRoot,
  toBase64url,
  toNumericDate,
  type IdentifierKind,
  type Match,
  type SanctionStatement,
  type Signer,
  type Subject,
  type SubjectPath,
  type SubjectsUpdate,
} from '@recourse/protocol';
import { tokenOf } from './fake-sets.ts';
import { type FakeRegistry, matchA, now, origin, platformB, sanctionA } from './fake-registry.ts';

export const email = 'creator@example.com';
const bytes32 = (letter: string): string => letter.repeat(42) + 'A';
const padding = ['E', 'F', 'G', 'H', 'I', 'J', 'K'].map(bytes32);

export interface RecordOptions {
  readonly trust: Signer;
  readonly kind?: IdentifierKind;
  readonly value?: string;
  /** The kind the token is of, when the leaf says another */
  readonly tokenKind?: IdentifierKind;
  readonly statement?: Partial<SanctionStatement>;
  readonly match?: Partial<Match>;
  /** Shows the subjects under epoch 2, by an update that this key signs */
  readonly update?: { readonly by: Signer } & Partial<SubjectsUpdate>;
}

type ToldRecord = Match & { readonly statement: string; readonly leaf: SubjectPath };

/** A sanction of platform B on one identifier, as a match discloses it. */
export async function record(registry: FakeRegistry, options: RecordOptions): Promise<Match> {
  return { ...(await told(registry, options)), ...options.match };
}

/** The same as a match that tells everything. */
export async function told(registry: FakeRegistry, options: RecordOptions): Promise<ToldRecord> {
  const { kind = 'email', value = email, tokenKind = kind } = options;
  const secret = registry.tokenSecret();
  const subject: Subject = {
    index: 3,
    epoch: 1,
    kind,
    control: 'otp',
    provenAt: toNumericDate(now) - 5000,
    salt: bytes32('L'),
    token: toBase64url(evaluateToken(secret, tokenInput(tokenKind, value))),
  };
  const commitments = subjectCommitments([subject], padding);
  const statement = statementOf({ subjects: subjectsRoot(commitments), ...options.statement });
  const { update } = options;
  if (update) Object.assign(subject, { epoch: 2 });
  const shown = subjectCommitments([subject], padding);
  const { token: _, ...leaf } = subject;
  return {
    match: matchA,
    token: 0,
    advice: 'review',
    sanction: sanctionA,
    statement: await signCompact(options.trust, 'recourse-sanction+jwt', statement),
    leaf: { ...leaf, path: subjectPath(shown, subject.index) },
    disputed: false,
    since: '2026-02-20T00:00:00Z',
    version: 2,
    expiresAt: '2027-06-01T00:00:00Z',
    corroboration: 'none',
    priorMatch: false,
    ...(update ? { subjectsUpdate: await updateOf(update, subjectsRoot(shown)) } : {}),
  };
}

/** What platform B signs about an adult who ran a scam. */
export const statementOf = (overrides: Partial<SanctionStatement> = {}): SanctionStatement => ({
  iss: platformB,
  aud: origin,
  jti: sanctionA,
  iat: toNumericDate(now) - 1000,
  exp: toNumericDate(new Date('2027-06-01T00:00:00Z')),
  taxonomy: '1',
  reason: 'fraud.scam',
  action: 'account-terminated',
  decided_at: toNumericDate(now) - 2000,
  incident_from: toNumericDate(now) - 9000,
  incident_to: toNumericDate(now) - 3000,
  subjects: bytes32('S'),
  evidence: [{ class: 'payment-records', commitment: bytes32('M') }],
  policy: 0,
  decided_by: 'human',
  origin: 'own-detection',
  attest: ['no-authority', 'no-takeover'],
  age: 'adult',
  account: bytes32('N'),
  ...overrides,
});

/** Makes the registry answer evaluations for real, list the address, and answer every match with these records. */
export async function answersWith(
  registry: FakeRegistry,
  matches: readonly Match[],
): Promise<void> {
  registry.evaluates();
  const listed = [tokenOf(registry.tokenSecret(), email)];
  for (const { epoch } of registry.epochs) await registry.sets.publish(listed, epoch);
  registry.handlers.set('checks.match', () => ({
    result: {
      validUntil: '2026-03-02T12:00:00Z',
      matches,
      soleBasisProhibited: true,
      advice: matches.length > 0 ? 'review' : 'no-record',
      pad: 'x'.repeat(64),
    },
  }));
}

function updateOf(
  { by, ...over }: NonNullable<RecordOptions['update']>,
  subjects: string,
): Promise<string> {
  const payload = { iss: platformB, sub: sanctionA, epoch: 2, subjects, iat: toNumericDate(now) };
  return signCompact(by, 'recourse-subjects+jwt', { ...payload, ...over });
}
