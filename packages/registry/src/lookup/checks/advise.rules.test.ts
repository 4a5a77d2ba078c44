import { advices, identifierKinds, type Advice, type MatchAdvice } from '@recourse/protocol';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { advise, adviseOn, type MetIdentifier } from './advise.rules.ts';

const met = (over: Partial<MetIdentifier>): MetIdentifier => ({
  sanction: 'snc_a',
  epoch: 1,
  position: 0,
  kind: 'phone',
  reviews: true,
  ...over,
});

const anyMet = fc.record({
  sanction: fc.constant('snc_a'),
  epoch: fc.constantFrom(1, 2),
  position: fc.integer({ min: 0, max: 7 }),
  kind: fc.constantFrom(...identifierKinds),
  reviews: fc.boolean(),
});

describe('no number scores a person, no advice refuses', () => {
  test('an advice is one of three words', () => {
    expectTypeOf(advise).returns.toEqualTypeOf<'no-record' | 'review' | 'verify-identity'>();
    expectTypeOf<Advice>().toEqualTypeOf<'no-record' | 'review' | 'verify-identity'>();
    expectTypeOf(adviseOn).returns.toEqualTypeOf<'review' | 'verify-identity'>();
    expect(advices).toEqual(['no-record', 'review', 'verify-identity']);
  });

  test('one record that tells more is enough for a review', () => {
    const [review, verify] = ['review', 'verify-identity'] as const;
    const told: readonly [readonly MatchAdvice[], Advice][] = [
      [[], 'no-record'],
      [[verify], verify],
      [[verify, verify], verify],
      [[verify, review], review],
    ];
    for (const [matches, advice] of told) expect(advise(matches)).toBe(advice);
  });

  test('the order of tokens says nothing', () => {
    fc.assert(
      fc.property(fc.array(anyMet), (list) => {
        expect(adviseOn(list.toReversed())).toBe(adviseOn(list));
      }),
    );
  });
});

describe('review needs an identifier that a notice was delivered to', () => {
  test('whatever else was asked', () => {
    fc.assert(
      fc.property(fc.array(anyMet), (list) => {
        const undelivered = list.map((one) => ({ ...one, reviews: false }));
        expect(adviseOn(undelivered)).toBe('verify-identity');
      }),
    );
  });

  test.each(['email', 'domain'] as const)('%s is not shared', (kind) => {
    expect(adviseOn([met({ kind })])).toBe('review');
    expect(adviseOn([met({ kind, reviews: false })])).toBe('verify-identity');
  });

  test('one that was planted says nothing of those that no notice reached', () => {
    // The planted address is not among those asked: only the person's own are.
    expect(adviseOn([met({ kind: 'email', reviews: false })])).toBe('verify-identity');
    const own = [met({ kind: 'email', reviews: false }), met({ position: 1, reviews: false })];
    expect(adviseOn(own)).toBe('verify-identity');
  });
});

describe('a match on one phone, account, wallet or IBAN answers verify-identity', () => {
  test.each(['phone', 'account', 'wallet', 'iban'] as const)('%s', (kind) => {
    expect(adviseOn([met({ kind })])).toBe('verify-identity');
  });

  test('however many tokens and epochs meet in it', () => {
    const shared = fc.constantFrom('phone', 'account', 'wallet', 'iban');
    const places = fc.array(fc.integer({ min: 0, max: 7 }));
    fc.assert(
      fc.property(shared, places, (kind, more) => {
        // One place in each epoch, each asked by several tokens.
        const list = [0, ...more].map((position, at) => met({ kind, epoch: at + 1, position }));
        expect(adviseOn([...list, ...list])).toBe('verify-identity');
      }),
    );
  });

  test('a second identifier of the same statement tells more, delivered or not', () => {
    expect(adviseOn([met({}), met({ position: 1, kind: 'iban' })])).toBe('review');
    const second = met({ position: 1, kind: 'iban', reviews: false });
    expect(adviseOn([met({}), second])).toBe('review');
  });

  test('the same token twice is one identifier, and under two epochs as well', () => {
    expect(adviseOn([met({}), met({})])).toBe('verify-identity');
    expect(adviseOn([met({}), met({ epoch: 2, position: 5 })])).toBe('verify-identity');
    expect(adviseOn([met({}), met({ position: 1 }), met({ epoch: 2 })])).toBe('review');
  });
});

test('a record whose reason is withheld while it is disputed answers verify-identity', () => {
  const withheld = [met({ kind: 'email', withheld: true }), met({ position: 1, kind: 'domain' })];
  expect(adviseOn(withheld)).toBe('verify-identity');
});

test('an identifier of its own that a notice reached is enough, whatever else one reached', () => {
  const phone = met({ kind: 'phone', epoch: 1, position: 0 });
  const email = met({ kind: 'email', epoch: 2, position: 1 });
  expect(adviseOn([phone, email])).toBe('review');
  expect(adviseOn([phone])).toBe('verify-identity');
});
