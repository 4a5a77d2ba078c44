import { advices, identifierKinds, type Advice } from '@recourse/protocol';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { advise, type Met } from './advise.rules.ts';

const met = (over: Partial<Met>): Met => ({
  sanction: 'snc_a',
  epoch: 1,
  position: 0,
  kind: 'phone',
  ...over,
});

const anyMet = fc.record({
  sanction: fc.constantFrom('snc_a', 'snc_b', 'snc_c'),
  epoch: fc.constantFrom(1, 2),
  position: fc.integer({ min: 0, max: 7 }),
  kind: fc.constantFrom(...identifierKinds),
});

describe('no number scores a person, no advice refuses', () => {
  test('an advice is one of three words', () => {
    expectTypeOf(advise).returns.toEqualTypeOf<'no-record' | 'review' | 'verify-identity'>();
    expectTypeOf<Advice>().toEqualTypeOf<'no-record' | 'review' | 'verify-identity'>();
    expect(advices).toEqual(['no-record', 'review', 'verify-identity']);
  });

  test('whatever was met', () => {
    fc.assert(
      fc.property(fc.array(anyMet, { maxLength: 64 }), (list) => {
        const advice = advise(list);
        expect(['no-record', 'review', 'verify-identity']).toContain(advice);
        expect(advice === 'no-record').toBe(list.length === 0);
      }),
    );
  });

  test('the order of tokens says nothing', () => {
    fc.assert(
      fc.property(fc.array(anyMet), (list) => {
        expect(advise(list.toReversed())).toBe(advise(list));
      }),
    );
  });
});

describe('a match on one phone, account, wallet or IBAN answers verify-identity', () => {
  test.each(['phone', 'account', 'wallet', 'iban'] as const)('%s', (kind) => {
    expect(advise([met({ kind })])).toBe('verify-identity');
  });

  test.each(['email', 'domain'] as const)('%s is not shared', (kind) => {
    expect(advise([met({ kind })])).toBe('review');
  });

  test('however many records, tokens and epochs meet in it, as long as each statement meets one', () => {
    const shared = fc.constantFrom('phone', 'account', 'wallet', 'iban');
    const statement = fc.record({ kind: shared, places: fc.array(fc.integer({ min: 0, max: 7 })) });
    fc.assert(
      fc.property(fc.array(statement, { minLength: 1, maxLength: 8 }), (statements) => {
        const list = statements.flatMap(({ kind, places }, n) =>
          // One place in each epoch, each asked by several tokens.
          [0, ...places].map((position, at) =>
            met({ sanction: `snc_${n}`, kind, epoch: at + 1, position }),
          ),
        );
        expect(advise([...list, ...list])).toBe('verify-identity');
      }),
    );
  });

  test('a second identifier of the same statement tells more', () => {
    expect(advise([met({}), met({ position: 1, kind: 'iban' })])).toBe('review');
  });

  test('one identifier of each of two statements does not', () => {
    expect(advise([met({}), met({ sanction: 'snc_b', position: 3 })])).toBe('verify-identity');
  });

  test('the same token twice is one identifier', () => {
    expect(advise([met({}), met({})])).toBe('verify-identity');
  });

  test('one identifier under two epochs is one, whatever places it has', () => {
    expect(advise([met({}), met({ epoch: 2, position: 5 })])).toBe('verify-identity');
  });

  test('one statement that tells more is enough for a review', () => {
    const list = [met({}), met({ sanction: 'snc_b', kind: 'email' })];
    expect(advise(list)).toBe('review');
  });
});

describe('a record whose reason is withheld while it is disputed answers verify-identity', () => {
  test('whatever it met, and however many of it', () => {
    const withheld = [met({ kind: 'email', withheld: true }), met({ position: 1, kind: 'domain' })];
    expect(advise(withheld)).toBe('verify-identity');
    expect(advise([...withheld, met({ sanction: 'snc_b' })])).toBe('verify-identity');
  });

  test('and one that is not withheld is enough for a review', () => {
    const list = [
      met({ withheld: true }),
      met({ sanction: 'snc_b', kind: 'email', withheld: false }),
    ];
    expect(advise(list)).toBe('review');
  });
});

test('two identifiers under one epoch tell more, and so does one that is not shared', () => {
  expect(advise([met({}), met({ position: 1 }), met({ epoch: 2 })])).toBe('review');
  expect(advise([met({}), met({ kind: 'email' })])).toBe('review');
});
