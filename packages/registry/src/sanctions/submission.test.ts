import type { Problem, SanctionStatement } from '@recourse/protocol';
import { describe, expect, test } from 'vitest';
import {
  at,
  bytes32,
  day,
  facts,
  now,
  other,
  submission,
  type Change,
} from '../../tests/sanctions-fixture.ts';
import type { EarlierRecord, EvadedRecord } from './facts.ts';
import type { Standing } from './life.ts';
import { refuse, refuseConfirmation, refuseDraft } from './submission.ts';

type Row = [rule: string, change: Change, code: string, issue?: string];

const seen = (problem: Problem | undefined): string[] =>
  problem ? [problem.code, ...(problem.issues ?? []).map(({ code }) => code)] : [];

const memo = { class: 'review-memo', commitment: bytes32(51) } as const;
const report = { class: 'person-shown-report', commitment: bytes32(52) } as const;

type Claims = Partial<SanctionStatement>;
const evidenceOfNcii: Claims = { reason: 'abuse.ncii', evidence: [memo, report] };
const evasion: Claims = {
  reason: 'network.ban-evasion',
  evidence: [{ class: 'link-analysis', commitment: bytes32(53) }],
};

const evaded = (change: Partial<EvadedRecord> = {}): EvadedRecord => ({
  decidedAt: at(now - 60 * day),
  expiresAt: at(now + 300 * day),
  standing: { state: 'visible' },
  ...change,
});

const earlier = (standing: Standing, change: Partial<EarlierRecord> = {}): EarlierRecord => ({
  reason: 'fraud.phishing',
  incidentFrom: at(now - 40 * day),
  incidentTo: at(now - 30 * day),
  standing,
  ...change,
});

const overlapping = { incidentFrom: at(now - 20 * day), incidentTo: at(now - 13 * day) };
const ended = (state: 'expired' | 'withdrawn' | 'reversed', cause?: string): Standing => ({
  state,
  ended: { state, at: at(now - 5 * day), ...(cause === undefined ? {} : { cause }) },
});

const refusals: Row[] = [
  ['a check-only party submits nothing', { registration: { checkOnly: true } }, 'role-not-allowed'],
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
    { subjects: [{}, { epoch: 2 }], facts: { liveEpochs: new Set([1, 2]) } },
    'invalid-input',
    'mixed-epochs',
  ],
  ['an epoch that is over', { subjects: [{ epoch: 7 }] }, 'unknown-epoch', 'not-live'],
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
    'notice withheld outside abuse',
    { statement: { notice: { withheld: 'risk-to-victim' } } },
    'notice-required',
    'not-withheld-for-this-reason',
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
  ['the panel behind', { facts: { intake: { panelBehind: true } } }, 'overloaded'],
];

const aloneRefusals: Row[] = [
  [
    'notice withheld by one holder',
    { statement: { ...evidenceOfNcii, notice: { withheld: 'risk-to-victim' } } },
    'notice-required',
    'second-holder-required',
  ],
  [
    'the submission bucket empty',
    { facts: { bucket: { limit: 20, spent: 20 } } },
    'quota-exceeded',
    'second-holder-required',
  ],
];

const expected = ([, , code, issue]: Row): string[] =>
  issue === undefined ? [code] : [code, issue];

describe('refused at submission', () => {
  test('nothing of a submission that is as it should be', () => {
    expect(refuse(submission(), facts())).toBeUndefined();
    expect(refuseDraft(submission(), facts())).toBeUndefined();
    expect(refuseConfirmation(submission(), facts())).toBeUndefined();
  });

  test.each(refusals)('%s', (...row) => {
    expect(seen(refuse(submission(row[1]), facts(row[1])))).toEqual(expected(row));
    expect(seen(refuseDraft(submission(row[1]), facts(row[1])))).toEqual(expected(row));
  });

  test.each(aloneRefusals)('%s, until a second holder confirms', (...row) => {
    expect(seen(refuse(submission(row[1]), facts(row[1])))).toEqual(expected(row));
    expect(refuseDraft(submission(row[1]), facts(row[1]))).toBeUndefined();
    expect(refuseConfirmation(submission(row[1]), facts(row[1]))).toBeUndefined();
  });
});

describe('accepted at submission', () => {
  const accepted: [string, Change][] = [
    [
      'a trusted flagger that is no public body',
      { statement: { origin: { 'trusted-flagger': 'tf-0001' } } },
    ],
    [
      'a reason that names no offence, without a legal basis',
      {
        statement: {
          reason: 'network.bulk-spam',
          exp: now + 60 * day,
          evidence: [{ class: 'volume-logs', commitment: bytes32(56) }],
        },
        registration: { legalBasis: 'none' },
      },
    ],
    [
      'decided exactly 90 days ago',
      {
        statement: {
          decided_at: now - 90 * day,
          incident_from: now - 100 * day,
          incident_to: now - 99 * day,
          exp: now + 200 * day,
        },
        subjects: [{ provenAt: now - 100 * day }],
      },
    ],
    [
      'control proven at either edge',
      { subjects: [{ provenAt: now - 104 * day }, { provenAt: now - 10 * day }] },
    ],
    ['a longer life with a gravity', { statement: { gravity: 'organised', exp: now + 700 * day } }],
    [
      'a minor under a code for minors, for up to 12 months',
      {
        statement: { ...evidenceOfNcii, age: 'minor', gravity: 'repeat', exp: now + 354 * day },
      },
    ],
    [
      'ban evasion as long as the ban',
      {
        statement: evasion,
        input: { evades: other },
        facts: { evaded: evaded() },
      },
    ],
    [
      'a new incident while an earlier record lives',
      { facts: { earlier: [earlier({ state: 'visible' })] } },
    ],
    [
      'an incident later than the end of an earlier record',
      {
        facts: {
          earlier: [
            earlier({
              state: 'reversed',
              ended: { state: 'reversed', cause: 'error', at: at(now - 15 * day) },
            }),
          ],
        },
      },
    ],
    ['the same reason after expiry', { facts: { earlier: [earlier(ended('expired'))] } }],
    [
      'the same reason after a draft that lapsed',
      { facts: { earlier: [earlier(ended('withdrawn', 'draft-lapsed'))] } },
    ],
    [
      'another reason after a withdrawal',
      { facts: { earlier: [earlier(ended('withdrawn', 'error'), { reason: 'fraud.scam' })] } },
    ],
  ];

  test.each(accepted)('%s', (_, change) => {
    expect(seen(refuse(submission(change), facts(change)))).toEqual([]);
  });
});

describe('refused at confirmation', () => {
  const moment = new Set([
    'role-not-allowed',
    'party-suspended',
    'not-enabled',
    'no-legal-basis',
    'not-live',
    'decided-too-long-ago',
    'incident-too-long-ago',
    'expired',
    'beyond-longest-life',
    'same-incident',
    'before-that-end',
    'overloaded',
  ]);

  test.each(refusals.filter((row) => moment.has(row[3] ?? row[2])))('%s', (...row) => {
    expect(seen(refuseConfirmation(submission(row[1]), facts(row[1])))).toEqual(expected(row));
  });
});
