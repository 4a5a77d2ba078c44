import { describe, expect, it } from 'vitest';
import { meetsProofFloor, proofFloorText, type ProofItem } from './proof-floor.ts';
import { reasonCodes } from './reason-codes.ts';
import { reason } from './reasons.ts';

describe('the proof floor', () => {
  it('is met by any one alternative', () => {
    expect(meetsProofFloor('fraud.scam', [{ class: 'payment-records' }])).toBe(true);
    expect(meetsProofFloor('fraud.scam', [{ class: 'victim-report', count: 2 }])).toBe(true);
    expect(meetsProofFloor('network.fake-engagement', [{ class: 'link-analysis' }])).toBe(true);
  });

  it('adds up counts over items of a class', () => {
    const item: ProofItem = { class: 'victim-report' };
    expect(meetsProofFloor('fraud.scam', [item])).toBe(false);
    expect(meetsProofFloor('fraud.scam', [item, item])).toBe(true);
  });

  it('needs every line of an alternative', () => {
    expect(meetsProofFloor('abuse.ncii', [{ class: 'review-memo', count: 9 }])).toBe(false);
    expect(meetsProofFloor('abuse.ncii', [{ class: 'person-shown-report' }])).toBe(false);
    expect(
      meetsProofFloor('abuse.ncii', [{ class: 'review-memo' }, { class: 'person-shown-report' }]),
    ).toBe(true);
  });

  it("takes no stranger's report for that of the person shown", () => {
    expect(
      meetsProofFloor('abuse.ncii', [{ class: 'review-memo' }, { class: 'victim-report' }]),
    ).toBe(false);
  });

  it('lets no count stand in for a second holder', () => {
    const memo: ProofItem = { class: 'review-memo', count: 2 };
    expect(meetsProofFloor('abuse.threat', [memo])).toBe(false);
    expect(meetsProofFloor('abuse.threat', [memo, memo])).toBe(true);
  });

  it('is not met by nothing, nor by evidence of another class', () => {
    for (const code of reasonCodes) {
      expect(meetsProofFloor(code, [])).toBe(false);
      const own = new Set(
        reason(code)
          .proofFloor.flat()
          .map((need) => need.class),
      );
      if (own.has('security-logs')) continue;
      expect(meetsProofFloor(code, [{ class: 'security-logs', count: 100 }])).toBe(false);
    }
  });
});

describe('the proof floor in words', () => {
  it.each([
    ['fraud.scam', 'two pieces of victim-report, or one piece of payment-records'],
    ['abuse.ncii', 'one piece of review-memo and one piece of person-shown-report'],
    ['abuse.threat', 'two pieces of review-memo, each from another person'],
  ] as const)('of %s is "%s"', (code, text) => expect(proofFloorText(code)).toBe(text));

  it('has the names as the caller writes them', () =>
    expect(proofFloorText('fraud.phishing', (name) => `"${name}"`)).toBe(
      'one piece of "captured-artefact"',
    ));
});
