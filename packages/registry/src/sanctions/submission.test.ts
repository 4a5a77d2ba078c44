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
import { refuse, refuseConfirmation, refuseDraft } from './submission.ts';

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

const otherReason = { reason: 'fraud.scam' } as const;

test.each([
  ['reversed, for another reason', ended('reversed', 'error'), { ...overlapping, ...otherReason }],
  ['expired: records are not renewed', ended('expired'), sameIncident],
  ['lapsed, for another reason', ended('reversed', 'lapsed'), { ...sameIncident, ...otherReason }],
])('one incident is not recorded again where its record %s', (_, standing, change) => {
  const of = { facts: { earlier: [earlier(standing, change)] } };
  const refused = ['already-decided', 'same-incident'];
  expect(seen(refuse(submission(of), facts(of)))).toEqual(refused);
  expect(seen(refuseConfirmation(submission(of), facts(of)))).toEqual(refused);
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
      { facts: { earlier: [earlier(ended('withdrawn', 'draft-lapsed'), sameIncident)] } },
    ],
    [
      'what lapsed, once more',
      { facts: { earlier: [earlier(ended('reversed', 'lapsed'), sameIncident)] } },
    ],
    [
      'what lapsed less than 90 d ago, however long ago it was decided',
      {
        subjects: [{ provenAt: now - 112 * day }],
        statement: {
          exp: now + 100 * day,
          decided_at: now - 95 * day,
          incident_from: now - 114 * day,
          incident_to: now - 110 * day,
        },
        facts: {
          earlier: [
            earlier(ended('reversed', 'lapsed'), {
              incidentFrom: at(now - 114 * day),
              incidentTo: at(now - 110 * day),
            }),
          ],
        },
      },
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
