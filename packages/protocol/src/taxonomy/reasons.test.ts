import { describe, expect, it } from 'vitest';
import { actions } from './actions.ts';
import { dsaKeywords } from './dsa.ts';
import { evidenceClasses, evidenceClassNames } from './evidence-classes.ts';
import { isAuthorityOrigin, originKind } from './origins.ts';
import { reasonCodes, taxonomyVersion, type ReasonCode } from './reason-codes.ts';
import type { ProofRequirement, Reason } from './reason.ts';
import { isAskedAt, reason, reasons } from './reasons.ts';

const all = reasonCodes.map((code) => reason(code));
const codesWith = (test: (row: Reason) => boolean): string[] =>
  reasonCodes.filter((code) => test(reason(code)));

/** The table of the taxonomy, typed off the page: code, months, at once, asked at, proof floor. */
const table = `
fraud.payment             36 -   SMP   payment-records
fraud.scam                36 -   SMP   2victim-report|payment-records
fraud.phishing            24 now SMPRA captured-artefact
fraud.payout              24 -   SMP   platform-logs
identity.impersonation    24 -   SMPRA claimant-verification
identity.forged-document  36 -   SMPRA document-check
identity.account-takeover 24 -   SMPRA session-records
network.fake-accounts     12 -   SM    link-analysis
network.fake-engagement   12 -   SM    order-records|link-analysis
network.bulk-spam         6  -   S     volume-logs
network.ban-evasion       0  -   S     link-analysis
abuse.ncii                36 now SM    review-memo+person-shown-report
abuse.sextortion          36 now SM    message-records
abuse.swatting            36 now SM    provider-reference
abuse.doxxing             24 -   SM    review-memo+victim-report
abuse.threat              24 -   SM    2review-memo!
abuse.stalking            24 -   S     contact-logs
abuse.physical-harm       60 now SA    third-party-record+2review-memo
security.intrusion        12 -   SA    security-logs`;

const letters = {
  signup: 'S',
  monetisation: 'M',
  'payout-change': 'P',
  'account-recovery': 'R',
  'safety-review': 'A',
} as const;

const line = (need: ProofRequirement): string =>
  `${need.min > 1 ? need.min : ''}${need.class}${need.distinctHolders ? '!' : ''}`;

function row(code: ReasonCode): string {
  const { longestLifeMonths, answersNow, askedAt, proofFloor } = reason(code);
  const floor = proofFloor.map((alternative) => alternative.map(line).join('+')).join('|');
  const asked = askedAt.map((purpose) => letters[purpose]).join('');
  return `${code} ${longestLifeMonths ?? 0} ${answersNow ? 'now' : '-'} ${asked} ${floor}`;
}

describe('taxonomy 1', () => {
  it('has exactly nineteen codes', () => {
    expect(taxonomyVersion).toBe('1');
    expect(new Set(reasonCodes).size).toBe(19);
    expect(Object.keys(reasons).sort()).toEqual([...reasonCodes].sort());
  });

  it('is the table of the domain', () => {
    const expected = table
      .trim()
      .split('\n')
      .map((text) => text.replaceAll(/ +/g, ' '));
    expect(reasonCodes.map((code) => row(code))).toEqual(expected);
  });

  it('cannot represent speech, belief or "other"', () => {
    const never =
      /defam|libel|slander|misinfo|disinfo|rumou?r|false-news|hate|extrem|terror|elect|politic|protest|relig|blasphem|self-harm|suicid|nud|porn|obscen|copyright|trademark|csam|child|other|misc|speech|report|critic|insult/;
    for (const code of [...reasonCodes, ...actions, ...evidenceClassNames]) {
      if (code === 'victim-report' || code === 'person-shown-report') continue;
      expect(code).not.toMatch(never);
    }
    for (const { dsa } of all) {
      expect(`${dsa.category} ${dsa.keyword}`).not.toMatch(
        /SPEECH|CIVIC|ELECTION|SELF_HARM|INTELLECTUAL|MINORS|NUDITY|HATRED|INFORMATION/,
      );
    }
  });

  it.each(reasonCodes)('%s fills every column', (code) => {
    const { act, isNot, texts, dsa, proofFloor, askedAt } = reason(code);
    expect(code).toMatch(/^(fraud|identity|network|abuse|security)\.[a-z-]+$/);
    expect(act).toMatch(/^[A-Z].{20,}\.$/);
    expect(isNot).toMatch(/^N(ot|ever) .{15,}\.$/);
    for (const text of [texts.en.meaning, texts.en.appeal]) expect(text).toMatch(/^[A-Z].{30,}\.$/);
    expect(texts.en.title).toMatch(/^[A-Z][^.]{3,50}$/);
    expect(dsaKeywords[dsa.category]).toContain(dsa.keyword);
    expect(askedAt.length).toBeGreaterThan(0);
    expect(proofFloor.length).toBeGreaterThan(0);
    for (const alternative of proofFloor) expect(alternative.length).toBeGreaterThan(0);
  });

  it('keeps the reason in a dispute where a person is to be protected', () => {
    expect(codesWith((row) => row.keepsReasonWhenDisputed)).toEqual([
      'fraud.phishing',
      'identity.account-takeover',
      ...reasonCodes.filter((code) => code.startsWith('abuse.')),
    ]);
  });

  it('admits minors under four codes only', () => {
    expect(codesWith((row) => row.minorAllowed)).toEqual([
      'identity.account-takeover',
      'abuse.ncii',
      'abuse.sextortion',
      'abuse.swatting',
    ]);
  });

  it('asks two reviewers for physical harm', () => {
    expect(codesWith((row) => row.twoReviewers)).toEqual(['abuse.physical-harm']);
  });

  it('has six speech-adjacent codes', () => {
    expect(codesWith((row) => row.speechAdjacent)).toEqual([
      'identity.impersonation',
      'network.fake-accounts',
      'network.bulk-spam',
      'abuse.doxxing',
      'abuse.threat',
      'abuse.stalking',
    ]);
  });

  it('halves every longest life into whole months', () => {
    for (const { longestLifeMonths } of all) expect((longestLifeMonths ?? 0) % 2).toBe(0);
  });
});

it('answers only the purposes a code is asked at', () => {
  expect(isAskedAt('network.bulk-spam', 'signup')).toBe(true);
  expect(isAskedAt('network.bulk-spam', 'payout-change')).toBe(false);
  expect(isAskedAt('identity.impersonation', 'account-recovery')).toBe(true);
});

it('never admits the media as evidence against whoever shared it', () => {
  const ofAbuse = reasonCodes.filter((code) => code.startsWith('abuse.'));
  const classes = ofAbuse.flatMap((code) =>
    reason(code)
      .proofFloor.flat()
      .map((need) => need.class),
  );
  const types: string[] = classes.flatMap((name) => [...evidenceClasses[name].mediaTypes]);
  expect(types.filter((type) => /^(image|video|audio)\/|zip|octet/.test(type))).toEqual([]);
});

it('has no evidence class that no code asks for', () => {
  const asked = new Set(all.flatMap((row) => row.proofFloor.flat().map((need) => need.class)));
  expect([...asked].sort()).toEqual([...evidenceClassNames].sort());
});

describe('an authority', () => {
  const bodies = new Set(['tf-0007']);

  it.each([
    ['authority-request', true],
    [{ 'trusted-flagger': 'tf-0007' }, true],
    [{ 'trusted-flagger': 'tf-0008' }, false],
    ['own-detection', false],
    ['user-report', false],
  ] as const)('behind %j: %s', (origin, expected) => {
    expect(isAuthorityOrigin(origin, bodies)).toBe(expected);
  });

  it('has a kind whatever its form', () => {
    expect(originKind({ 'trusted-flagger': 'tf-0007' })).toBe('trusted-flagger');
    expect(originKind('user-report')).toBe('user-report');
  });
});
