import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toDay } from '../schemas.ts';
import { identifierKinds } from '../identifiers/kinds.ts';
import { defaultExpiry, gravities, longestExpiry, subjectExpiry, type LifeInput } from './life.ts';
import { addMonths } from './months.ts';
import { reasonCodes } from './reason-codes.ts';
import { reasons } from './reasons.ts';

const incidentTo = new Date('2026-01-31T12:00:00Z');
const scam: LifeInput = { reason: 'fraud.scam', incidentTo, kinds: ['domain'], age: 'adult' };
const day = (date: Date | undefined): string | undefined => date && toDay(date);

describe('life', () => {
  it('runs from the end of the incident, by default for half of the longest', () => {
    expect(day(defaultExpiry(scam))).toBe('2027-07-31');
    expect(day(longestExpiry(scam))).toBe('2027-07-31');
  });

  it.each(gravities)('is the longest only with a gravity: %s', (gravity) => {
    expect(day(longestExpiry({ ...scam, gravity }))).toBe('2029-01-31');
  });

  it('is the life of the evaded sanction for ban evasion, and none without one', () => {
    const evasion: LifeInput = { ...scam, reason: 'network.ban-evasion' };
    const evadedExpiry = new Date('2026-05-01T00:00:00Z');
    expect(longestExpiry({ ...evasion, evadedExpiry })).toEqual(evadedExpiry);
    expect(longestExpiry({ ...evasion, evadedExpiry, gravity: 'repeat' })).toEqual(evadedExpiry);
    expect(longestExpiry(evasion)).toEqual(incidentTo);
  });

  it('is at most 12 months for a minor', () => {
    const minor: LifeInput = { ...scam, reason: 'abuse.swatting', age: 'minor' };
    expect(day(longestExpiry({ ...minor, gravity: 'repeat' }))).toBe('2027-01-31');
    expect(day(defaultExpiry(minor))).toBe('2026-07-31');
  });

  it('is none for a minor under any code but four', () => {
    const allowed = reasonCodes.filter((code) => {
      const life: LifeInput = {
        ...scam,
        reason: code,
        age: 'minor',
        evadedExpiry: new Date('2027-01-01'),
      };
      return longestExpiry({ ...life, gravity: 'repeat' }) > incidentTo;
    });
    expect(allowed).toEqual([
      'identity.account-takeover',
      'abuse.ncii',
      'abuse.sextortion',
      'abuse.swatting',
    ]);
  });

  it('does not outlast the last subject that can match', () => {
    const grave: LifeInput = { ...scam, gravity: 'organised' };
    expect(day(longestExpiry({ ...grave, kinds: ['phone', 'iban'] }))).toBe('2027-01-31');
    expect(day(longestExpiry({ ...grave, kinds: ['phone', 'email'] }))).toBe('2028-01-31');
    expect(day(longestExpiry({ ...grave, kinds: ['phone', 'wallet'] }))).toBe('2029-01-31');
  });
});

describe('a subject', () => {
  it.each([
    ['phone', '2027-01-31'],
    ['account', '2027-01-31'],
    ['iban', '2027-01-31'],
    ['email', '2028-01-31'],
    ['domain', undefined],
    ['wallet', undefined],
  ] as const)('of kind %s matches until %s', (kind, until) => {
    expect(day(subjectExpiry(kind, incidentTo))).toBe(until);
  });
});

it('never exceeds the longest life of the code, 12 months for minors, or half without a gravity', () => {
  const life = fc.record({
    reason: fc.constantFrom(...reasonCodes),
    incidentTo: fc.date({
      min: new Date('2020-01-01T00:00:00Z'),
      max: new Date('2040-01-01T00:00:00Z'),
      noInvalidDate: true,
    }),
    kinds: fc.uniqueArray(fc.constantFrom(...identifierKinds)),
    age: fc.constantFrom('adult' as const, 'unknown' as const, 'minor' as const),
    gravity: fc.constantFrom(undefined, ...gravities),
  });
  fc.assert(
    fc.property(life, (input) => {
      const longest = longestExpiry(input);
      const ofCode = reasons[input.reason].longestLifeMonths ?? 0;
      const months = input.age === 'minor' ? Math.min(ofCode, 12) : ofCode;
      const share = input.gravity ? 1 : 2;
      expect(longest >= input.incidentTo).toBe(true);
      expect(longest <= addMonths(input.incidentTo, months / share)).toBe(true);
      expect(defaultExpiry(input) <= longest).toBe(true);
    }),
  );
});
