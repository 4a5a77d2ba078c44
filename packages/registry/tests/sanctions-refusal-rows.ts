import type { EndCause, Problem, SanctionStatement } from '@recourse/protocol';
import type { EarlierRecord, EvadedRecord } from '../src/submissions/facts.ts';
import type { EndKind, Standing } from '../src/records/life.rules.ts';
import { at, bytes32, day, facts, now, other, type Change } from './sanctions-fixture.ts';

/** What each refusal at submission looks like: the rule, what is wrong, and the answer. */
export type Row = [rule: string, change: Change, code: string, issue?: string];

export const seen = (problem: Problem | undefined): string[] =>
  problem ? [problem.code, ...(problem.issues ?? []).map(({ code }) => code)] : [];

const memo = { class: 'review-memo', commitment: bytes32(51) } as const;
const report = { class: 'person-shown-report', commitment: bytes32(52) } as const;

type Claims = Partial<SanctionStatement>;
export const evidenceOfNcii: Claims = { reason: 'abuse.ncii', evidence: [memo, report] };
export const evasion: Claims = {
  reason: 'network.ban-evasion',
  evidence: [{ class: 'link-analysis', commitment: bytes32(53) }],
};

export const evaded = (change: Partial<EvadedRecord> = {}): EvadedRecord => ({
  decidedAt: at(now - 60 * day),
  expiresAt: at(now + 300 * day),
  standing: { state: 'visible' },
  ...change,
});

export const earlier = (
  standing: Standing,
  change: Partial<EarlierRecord> = {},
): EarlierRecord => ({
  reason: 'fraud.phishing',
  incidentFrom: at(now - 40 * day),
  incidentTo: at(now - 30 * day),
  standing,
  ...change,
});

export const overlapping = { incidentFrom: at(now - 20 * day), incidentTo: at(now - 13 * day) };
export const sameIncident = { incidentFrom: at(now - 14 * day), incidentTo: at(now - 10 * day) };
export const ended = (state: 'expired' | EndKind, cause?: EndCause): Standing => ({
  state,
  ended: { state, at: at(now - 5 * day), ...(cause === undefined ? {} : { cause }) },
});

export const refusals: Row[] = [
  ['a check-only party submits nothing', { registration: { checkOnly: true } }, 'role-not-allowed'],
  [
    'a party that is not active yet, or left',
    { facts: { platform: { ...facts().platform, active: false } } },
    'party-suspended',
    'not-active',
  ],
  [
    'a day of a probation that is full',
    { facts: { platform: { ...facts().platform, inProbation: { spent: 20 } } } },
    'quota-exceeded',
    'in-probation',
  ],
  [
    'a suspended submitter',
    {
      facts: {
        platform: { ...facts().platform, suspended: true },
      },
    },
    'party-suspended',
  ],
  [
    'a submitter of which fewer than three reviewers are independent',
    { facts: { platform: { ...facts().platform, reviewers: 2 } } },
    'too-few-reviewers',
  ],
  [
    'a statement of another party',
    { facts: { caller: 'plt_x' } },
    'invalid-input',
    'not-the-caller',
  ],
  [
    'a statement for another registry',
    { statement: { aud: 'https://b.example' } },
    'invalid-input',
    'another-registry',
  ],
  ['an id that is taken', { facts: { known: true } }, 'state-conflict', 'taken'],
  [
    'a criminal offence without a legal basis',
    { registration: { legalBasis: 'none' } },
    'reason-not-accepted',
    'no-legal-basis',
  ],
  [
    'a criminal offence that was not enabled',
    { statement: { reason: 'security.intrusion' } },
    'reason-not-accepted',
    'not-enabled',
  ],
  [
    'a minor under a code not for minors',
    { statement: { age: 'minor' } },
    'reason-not-accepted',
    'minor',
  ],
  [
    'a minor for more than 12 months',
    { statement: { ...evidenceOfNcii, age: 'minor', gravity: 'repeat', exp: now + 358 * day } },
    'retention-too-long',
    'beyond-longest-life',
  ],
  [
    'an authority as origin',
    { statement: { origin: 'authority-request' } },
    'authority-origin-not-accepted',
    'authority',
  ],
  [
    'a flagger that is a public body',
    { statement: { origin: { 'trusted-flagger': 'tf-0002' } } },
    'authority-origin-not-accepted',
    'authority',
  ],
  [
    'a flagger nobody knows',
    { statement: { origin: { 'trusted-flagger': 'tf-9999' } } },
    'invalid-input',
    'unknown-flagger',
  ],
  [
    'no attestation against authority',
    { statement: { attest: ['no-takeover'] } },
    'authority-origin-not-accepted',
    'not-attested',
  ],
  [
    'a decision by a machine',
    { statement: { decided_by: 'machine' } },
    'invalid-input',
    'not-decided-by-a-human',
  ],
  [
    'a policy that was not published',
    { statement: { policy: 1 } },
    'invalid-input',
    'unknown-policy',
  ],
  ['proof below the floor', { statement: { evidence: [memo] } }, 'proof-too-weak', 'below-floor'],
  [
    'one report counted twice',
    {
      statement: {
        reason: 'fraud.scam',
        evidence: [
          { class: 'victim-report', commitment: bytes32(54) },
          { class: 'victim-report', commitment: bytes32(54) },
        ],
      },
    },
    'invalid-input',
    'duplicate-commitment',
  ],
  ['openings that fill no tree', { input: { padding: [] } }, 'invalid-input', 'not-eight-leaves'],
  [
    'subjects other than those signed',
    { statement: { subjects: bytes32(1) } },
    'invalid-input',
    'commitment-mismatch',
  ],
  [
    'an account other than the one signed',
    { statement: { account: bytes32(1) } },
    'invalid-input',
    'commitment-mismatch',
  ],
  [
    'one identifier as two subjects',
    { subjects: [{}, { token: bytes32(200) }] },
    'invalid-input',
    'duplicate-subject',
  ],
  [
    'subjects of two epochs',
    { subjects: [{}, { epoch: 2 }], facts: { recordsEpoch: 1 } },
    'invalid-input',
    'mixed-epochs',
  ],
  ['an epoch that is over', { subjects: [{ epoch: 7 }] }, 'unknown-epoch', 'not-of-records'],
  [
    'an incident that ends before it begins',
    { statement: { incident_to: now - 15 * day } },
    'invalid-input',
    'before-incident-from',
  ],
  [
    'a decision before the incident was over',
    { statement: { decided_at: now - 11 * day } },
    'invalid-input',
    'before-incident-to',
  ],
  [
    'a statement signed before the decision',
    { statement: { iat: now - 3 * day } },
    'invalid-input',
    'before-decided-at',
  ],
  ['a statement of the future', { statement: { iat: now + 11 } }, 'invalid-input', 'in-the-future'],
  [
    'decided more than 90 days ago',
    {
      statement: {
        decided_at: now - 90 * day - 1,
        incident_from: now - 100 * day,
        incident_to: now - 99 * day,
      },
    },
    'invalid-input',
    'decided-too-long-ago',
  ],
  [
    'an incident more than 24 months ago',
    { statement: { incident_from: now - 732 * day, incident_to: now - 731 * day } },
    'invalid-input',
    'incident-too-long-ago',
  ],
  [
    'control proven long before the incident',
    { subjects: [{ provenAt: now - 104 * day - 1 }] },
    'control-not-proven',
    'outside-the-incident',
  ],
  [
    'control proven after the incident',
    { subjects: [{ provenAt: now - 10 * day + 1 }] },
    'control-not-proven',
    'outside-the-incident',
  ],
  [
    'an identifier that was there before a takeover',
    {
      statement: {
        reason: 'identity.account-takeover',
        evidence: [{ class: 'session-records', commitment: bytes32(55) }],
      },
      subjects: [{ provenAt: now - 14 * day - 1 }],
      facts: {
        platform: { ...facts().platform, enabledReasons: ['identity.account-takeover'] },
      },
    },
    'control-not-proven',
    'outside-the-incident',
  ],
  [
    'takeover that was not looked for',
    { statement: { attest: ['no-authority'] } },
    'control-not-proven',
    'takeover-not-looked-for',
  ],
  [
    'an evaded sanction under another reason',
    { input: { evades: other } },
    'invalid-input',
    'not-for-this-reason',
  ],
  ['ban evasion that names nothing', { statement: evasion }, 'invalid-input', 'required'],
  [
    'ban evasion of what is not there or not theirs',
    { statement: evasion, input: { evades: other } },
    'invalid-input',
    'not-live',
  ],
  [
    'ban evasion of a sanction that is held',
    {
      statement: evasion,
      input: { evades: other },
      facts: { evaded: evaded({ standing: { state: 'held' } }) },
    },
    'invalid-input',
    'not-live',
  ],
  [
    'a return before the ban',
    {
      statement: evasion,
      input: { evades: other },
      facts: { evaded: evaded({ decidedAt: at(now - 3 * day) }) },
    },
    'invalid-input',
    'before-the-evaded',
  ],
  [
    'ban evasion that outlives the ban',
    {
      statement: evasion,
      input: { evades: other },
      facts: { evaded: evaded({ expiresAt: at(now + 300 * day - 1) }) },
    },
    'retention-too-long',
    'beyond-longest-life',
  ],
  ['a record that has expired', { statement: { exp: now } }, 'invalid-input', 'expired'],
  [
    'too long a life without a gravity',
    { statement: { exp: now + 356 * day } },
    'retention-too-long',
    'beyond-longest-life',
  ],
  [
    'a life beyond the last subject that matches',
    {
      statement: { gravity: 'repeat', exp: now + 356 * day },
      subjects: [{ kind: 'phone', control: 'otp' }],
    },
    'retention-too-long',
    'beyond-longest-life',
  ],
  [
    'a second record on one incident',
    { facts: { earlier: [earlier({ state: 'held' }, overlapping)] } },
    'already-decided',
    'same-incident',
  ],
  [
    'a second record on one incident for another reason, while the first is a draft',
    { facts: { earlier: [earlier({ state: 'draft' }, { ...overlapping, reason: 'fraud.scam' })] } },
    'already-decided',
    'same-incident',
  ],
  [
    'a record filed again after its reversal',
    { facts: { earlier: [earlier(ended('reversed', 'error'))] } },
    'already-decided',
    'before-that-end',
  ],
  [
    'a record filed again after a missing notice',
    { facts: { earlier: [earlier(ended('withdrawn', 'no-notice'))] } },
    'already-decided',
    'before-that-end',
  ],
  [
    'what ended undecided, filed again',
    { facts: { earlier: [earlier(ended('undecided', 'undecided'), sameIncident)] } },
    'already-decided',
    'before-that-end',
  ],
];

export const aloneRefusals: Row[] = [
  [
    'the submission bucket empty',
    { facts: { bucket: { limit: 20, spent: 20 } } },
    'quota-exceeded',
    'second-holder-required',
  ],
];
