import type { DisputeAnswer } from '@recourse/protocol';
import fc from 'fast-check';
import type { Platform } from './model.ts';

type Plain =
  | 'settle'
  | 'notify'
  | 'appeal'
  | 'appeal-with-news'
  | 'reopen'
  | 'withdraw-appeal'
  | 'keep-appeal'
  | 'take'
  | 'recuse'
  | 'deliver'
  | 'confirm'
  | 'reject'
  | 'dispute'
  | 'recheck'
  | 'gist'
  | 'answer'
  | 'concede'
  | 'withdraw'
  | 'repeat';

export type Outcome = 'upheld' | 'amended' | 'reversed' | 'dismissed' | 'finding';

/** What anybody may try at any time; what the rules do not allow is refused and changes nothing. */
export type Act =
  | { readonly act: 'wait'; readonly hours: number }
  | { readonly act: 'tell'; readonly platform: Platform }
  | { readonly act: 'acknowledge'; readonly platform: Platform }
  | { readonly act: 'relieve'; readonly days: number }
  | { readonly act: 'decide'; readonly outcome: Outcome }
  | { readonly act: 'settle-dispute'; readonly says: DisputeAnswer }
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
      outcome: fc.constantFrom('upheld', 'amended', 'reversed', 'dismissed', 'finding'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constant('settle-dispute' as const),
      says: fc.constantFrom('fits', 'does-not-fit', 'does-not-fit', 'does-not-open'),
    }),
  },
  {
    weight: 18,
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
        'reject',
        'dispute',
        'dispute',
        'recheck',
        'recheck',
        'appeal-with-news',
        'reopen',
        'gist',
        'answer',
        'concede',
        'withdraw',
        'repeat',
      ),
    }),
  },
) as fc.Arbitrary<Act>;

const plain = (...acts: Plain[]): Act[] => acts.map((one) => ({ act: one }) as Act);

const begun = fc
  .shuffledSubarray<Plain>(['take', 'deliver', 'confirm', 'gist', 'answer'], { minLength: 3 })
  .map((acts) => plain(...acts));

const opening: Act[] = [
  { act: 'notify' },
  { act: 'wait', hours: 80 },
  { act: 'tell', platform: 'tubely' },
  { act: 'appeal' },
];
const ready = plain('take', 'deliver', 'confirm', 'gist', 'answer');
const disputed = plain('deliver', 'dispute', 'recheck');
const settled = (says: DisputeAnswer): Act[] => [...disputed, { act: 'settle-dispute', says }];

const dismissal: Act[] = [...plain('take'), { act: 'decide', outcome: 'dismissed' }];
const ended: Act[] = [
  ...opening.slice(0, 3),
  { act: 'wait', hours: 58 * 24 },
  ...plain('appeal', 'take'),
  { act: 'decide', outcome: 'finding' },
];

/** Ways to somewhere, since chance alone seldom gets there. */
const starts = fc.oneof(
  begun.map((acts) => [...opening, ...acts]),
  fc.constantFrom<Act[]>(
    [...opening, ...ready],
    [...opening, ...plain('take'), ...settled('does-not-fit')],
    [...opening, ...plain('take'), ...settled('does-not-fit'), ...settled('does-not-fit')],
    [...opening, ...plain('take'), ...settled('fits'), ...plain('gist', 'answer')],
    [...opening, ...plain('take'), ...settled('does-not-open')],
    [...opening, ...ready, { act: 'decide', outcome: 'amended' }],
    [...opening, ...dismissal],
    [...opening, ...dismissal, ...plain('reopen'), ...dismissal, ...plain('reopen')],
    [
      ...opening,
      ...ready,
      { act: 'decide', outcome: 'upheld' },
      { act: 'wait', hours: 90 * 24 + 1 },
    ],
    [...opening, { act: 'wait', hours: 52 * 24 }],
    ended,
  ),
);

/** A start with one more act somewhere on its way. */
function withOne(start: readonly Act[], between: [number, Act] | null): Act[] {
  if (!between) return [...start];
  const [at, one] = between;
  return start.toSpliced(at % (start.length + 1), 0, one);
}

/** Any acts in any order, and ones that begin on the way to somewhere. */
export const scripts: fc.Arbitrary<Act[]> = fc.oneof(
  { weight: 1, arbitrary: fc.array(act, { minLength: 4, maxLength: 18 }) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(starts, fc.array(act, { maxLength: 12 }), fc.option(fc.tuple(fc.nat(), act)))
      .map(([start, rest, between]) => [...withOne(start, between), ...rest]),
  },
);
