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
import {
  aloneRefusals,
  earlier,
  ended,
  evaded,
  evasion,
  evidenceOfNcii,
  overlapping,
  refusals,
  sameIncident,
  seen,
  type Row,
} from '../../tests/sanctions-refusal-rows.ts';
import { refuse, refuseConfirmation, refuseDraft } from './submission.rules.ts';

/** Two incidents that share one instant. */
const atTheEdge: Row[] = [
  [
    'a second record on an incident that began when the first ended',
    {
      facts: {
        earlier: [
          earlier({ state: 'visible' }, { incidentTo: at(now - 40 * day) }),
          earlier({ state: 'visible' }, { incidentTo: at(now - 14 * day) }),
        ],
      },
    },
    'already-decided',
    'same-incident',
  ],
  [
    'a second record on an incident that ended when the first began',
    {
      facts: {
        earlier: [
          earlier({ state: 'visible' }, { incidentFrom: at(now - 10 * day), incidentTo: at(now) }),
        ],
      },
    },
    'already-decided',
    'same-incident',
  ],
  [
    'an incident that began at the end of an earlier record',
    {
      facts: {
        earlier: [
          earlier({
            state: 'reversed',
            ended: { state: 'reversed', cause: 'error', at: at(now - 14 * day) },
          }),
        ],
      },
    },
    'already-decided',
    'before-that-end',
  ],
];

/** Otherwise what was reversed would come back by a rotation of the key. */
const behind: Row = [
  'conduct from before the end of a record that has no tokens of this epoch',
  { facts: { leftBehind: true } },
  'already-decided',
  'not-retokenised',
];

const expected = ([, , code, issue]: Row): string[] =>
  issue === undefined ? [code] : [code, issue];

describe('refused at submission', () => {
  test('nothing of a submission that is as it should be', () => {
    expect(refuse(submission(), facts())).toBeUndefined();
    expect(refuseDraft(submission(), facts())).toBeUndefined();
    expect(refuseConfirmation(submission(), facts())).toBeUndefined();
  });

  test.each([...refusals, ...atTheEdge, behind])('%s', (...row) => {
    expect(seen(refuse(submission(row[1]), facts(row[1])))).toEqual(expected(row));
    expect(seen(refuseDraft(submission(row[1]), facts(row[1])))).toEqual(expected(row));
  });

  test.each(aloneRefusals)('%s, until a second holder confirms', (...row) => {
    expect(seen(refuse(submission(row[1]), facts(row[1])))).toEqual(expected(row));
    expect(refuseDraft(submission(row[1]), facts(row[1]))).toBeUndefined();
    expect(refuseConfirmation(submission(row[1]), facts(row[1]))).toBeUndefined();
  });
});

const otherReason = { reason: 'fraud.scam' } as const;

test.each([
  ['reversed, for another reason', ended('reversed', 'error'), { ...overlapping, ...otherReason }],
  ['expired: records are not renewed', ended('expired'), sameIncident],
  ['ended undecided', ended('undecided', 'undecided'), { ...sameIncident, ...otherReason }],
])('one incident is not recorded again where its record %s', (_, standing, change) => {
  const of = { facts: { earlier: [earlier(standing, change)] } };
  const refused = ['already-decided', 'same-incident'];
  expect(seen(refuse(submission(of), facts(of)))).toEqual(refused);
  expect(seen(refuseConfirmation(submission(of), facts(of)))).toEqual(refused);
});

/** Where the issue of a refusal stands, by its code. */
const places: Record<string, string[]> = {
  'not-active': ['party'],
  'in-probation': ['party'],
  'not-the-caller': ['statement.iss'],
  'another-registry': ['statement.aud'],
  taken: ['statement.jti'],
  'no-legal-basis': ['statement.reason'],
  'not-enabled': ['statement.reason'],
  minor: ['statement.age'],
  authority: ['statement.origin'],
  'unknown-flagger': ['statement.origin'],
  'not-attested': ['statement.attest'],
  'not-decided-by-a-human': ['statement.decided_by'],
  'unknown-policy': ['statement.policy'],
  'below-floor': ['statement.evidence'],
  'duplicate-commitment': ['statement.evidence'],
  'not-eight-leaves': ['padding'],
  'commitment-mismatch': ['statement.subjects', 'statement.account'],
  'duplicate-subject': ['tokens'],
  'mixed-epochs': ['tokens'],
  'not-of-records': ['tokens.0.epoch'],
  'not-live': ['evades'],
  'not-retokenised': ['statement.incident_from'],
  'before-incident-from': ['statement.incident_to'],
  'before-incident-to': ['statement.decided_at'],
  'before-decided-at': ['statement.iat'],
  'in-the-future': ['statement.iat'],
  'decided-too-long-ago': ['statement.decided_at'],
  'incident-too-long-ago': ['statement.incident_to'],
  'outside-the-incident': ['tokens.0.provenAt'],
  'takeover-not-looked-for': ['statement.attest'],
  'not-for-this-reason': ['evades'],
  required: ['evades'],
  'before-the-evaded': ['statement.incident_from'],
  expired: ['statement.exp'],
  'beyond-longest-life': ['statement.exp'],
  'same-incident': ['statement.incident_from'],
  'before-that-end': ['statement.incident_from'],
  'second-holder-required': ['statement.notice', 'sanctions.draft'],
};

describe('a refusal says', () => {
  test.each([...refusals, behind, ...aloneRefusals].filter(([, , , issue]) => issue !== undefined))(
    'where it is wrong: %s',
    (_, change, ...[, issue = '']) => {
      const path = refuse(submission(change), facts(change))?.issues?.[0]?.path;
      expect(places[issue]).toContain(path);
    },
  );

  test('which of several subjects it is about', () => {
    const pathOf = (change: Change) =>
      refuse(submission(change), facts(change))?.issues?.map(({ path }) => path);
    expect(pathOf({ subjects: [{}, { provenAt: now }] })).toEqual(['tokens.1.provenAt']);
  });

  test.each<[string, Change]>([
    ['the bucket empty', { facts: { bucket: { limit: 20, spent: 20 } } }],
    [
      'a probation that is full',
      { facts: { platform: { ...facts().platform, inProbation: { spent: 20 } } } },
    ],
  ])('when to try again: %s', (_, change) => {
    expect(refuse(submission(change), facts(change))?.retryAfterSeconds).toBe(3600);
  });
});

describe('accepted at submission', () => {
  const twoYearsAgo = Date.UTC(2024, 2, 4, 12) / 1000;
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
      'an incident that ended exactly 24 months ago',
      {
        statement: {
          ...evidenceOfNcii,
          incident_from: twoYearsAgo,
          incident_to: twoYearsAgo,
          gravity: 'organised',
        },
        subjects: [{ provenAt: twoYearsAgo }],
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
    ['the twentieth of a day', { facts: { bucket: { limit: 20, spent: 19 } } }],
    [
      'the twentieth of a day of a probation',
      { facts: { platform: { ...facts().platform, inProbation: { spent: 19 } } } },
    ],
    [
      'one text as two kinds of identifier',
      { subjects: [{}, { token: bytes32(200), kind: 'email', control: 'otp' }] },
    ],
    ['a clock ten seconds ahead', { statement: { iat: now + 10 } }],
    [
      'an incident of one instant, decided and signed at once',
      {
        statement: { incident_from: now, incident_to: now, decided_at: now, iat: now },
        subjects: [{ provenAt: now }],
      },
    ],
    ['the longest life', { statement: { exp: now + 355 * day } }],
    ['a life that is nearly over', { statement: { exp: now + 1 } }],
    [
      'ban evasion from the instant of the ban',
      {
        statement: { ...evasion, incident_from: now - 60 * day },
        input: { evades: other },
        facts: { evaded: evaded() },
      },
    ],
    [
      'an incident before or after that of an earlier record',
      {
        facts: {
          earlier: [
            earlier({ state: 'visible' }, { incidentTo: at(now - 14 * day - 1) }),
            earlier(
              { state: 'visible' },
              { incidentFrom: at(now - 10 * day + 1), incidentTo: at(now - 9 * day) },
            ),
          ],
        },
      },
    ],
    ['the same reason after expiry', { facts: { earlier: [earlier(ended('expired'))] } }],
    [
      'the same reason after a draft that lapsed',
      { facts: { earlier: [earlier(ended('withdrawn', 'draft-lapsed'), sameIncident)] } },
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
