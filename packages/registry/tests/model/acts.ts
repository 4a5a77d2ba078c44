import fc from 'fast-check';
import type { Platform } from './model.ts';

type Plain =
  | 'settle'
  | 'notify'
  | 'appeal'
  | 'withdraw-appeal'
  | 'keep-appeal'
  | 'take'
  | 'recuse'
  | 'deliver'
  | 'confirm'
  | 'gist'
  | 'answer'
  | 'concede'
  | 'withdraw'
  | 'repeat';

/** What anybody may try at any time; what the rules do not allow is refused and changes nothing. */
export type Act =
  | { readonly act: 'wait'; readonly hours: number }
  | { readonly act: 'tell'; readonly platform: Platform }
  | { readonly act: 'acknowledge'; readonly platform: Platform }
  | { readonly act: 'relieve'; readonly days: number }
  | { readonly act: 'decide'; readonly outcome: 'upheld' | 'reversed' | 'dismissed' | 'finding' }
  | { readonly [K in Plain]: { readonly act: K } }[Plain];

const platform = fc.constantFrom<Platform>('tubely', 'market');

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      act: fc.constant('wait' as const),
      hours: fc.integer({ min: 1, max: 400 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ act: fc.constantFrom('tell' as const), platform }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constantFrom('acknowledge' as const), platform }) },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant('relieve' as const),
      days: fc.integer({ min: 1, max: 15 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constant('decide' as const),
      outcome: fc.constantFrom('upheld', 'reversed', 'dismissed', 'finding'),
    }),
  },
  {
    weight: 14,
    arbitrary: fc.record({
      act: fc.constantFrom(
        'settle',
        'notify',
        'notify',
        'appeal',
        'appeal',
        'appeal',
        'withdraw-appeal',
        'keep-appeal',
        'take',
        'take',
        'take',
        'recuse',
        'deliver',
        'deliver',
        'confirm',
        'gist',
        'answer',
        'concede',
        'withdraw',
        'repeat',
      ),
    }),
  },
) as fc.Arbitrary<Act>;

/**
 * Two kinds of script: any acts in any order, and ones that begin on the way to a decision, since chance alone
 * seldom gets there.
 */
const begun = fc
  .shuffledSubarray<Act['act']>(['take', 'deliver', 'confirm', 'gist', 'answer'], { minLength: 3 })
  .map((acts) => acts.map((one) => ({ act: one }) as Act));

const opening: Act[] = [
  { act: 'notify' },
  { act: 'wait', hours: 80 },
  { act: 'tell', platform: 'tubely' },
  { act: 'appeal' },
];
const inOrder: Act[] = ['take', 'deliver', 'confirm', 'gist', 'answer'].map(
  (one) => ({ act: one }) as Act,
);

export const scripts: fc.Arbitrary<Act[]> = fc.oneof(
  fc.array(act, { minLength: 4, maxLength: 18 }),
  fc
    .tuple(begun, fc.array(act, { maxLength: 12 }))
    .map(([middle, rest]) => [...opening, ...middle, ...rest]),
  fc.array(act, { maxLength: 12 }).map((rest) => [...opening, ...inOrder, ...rest]),
);
