import type { DisputeAnswer } from '@recourse/protocol';
import fc from 'fast-check';
import type { Ground, Outcome, Platform } from './state.ts';

type PlainAct =
  | 'settle'
  | 'notify'
  | 'appeal-with-news'
  | 'reopen'
  | 'withdraw-appeal'
  | 'keep-appeal'
  | 'join'
  | 'withdraw-joined'
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
  | 'repeat'
  | 'refuse-relief'
  | 'open-case'
  | 'ask-erasure'
  | 'leave'
  | 'record-another'
  | 'reply'
  | 'derived'
  | 'confirm-derived'
  | 'withdraw-derived';

/** What anybody may try at any time; what the rules do not allow is refused and changes nothing. */
export type Act =
  | { readonly act: 'wait'; readonly hours: number }
  | { readonly act: 'tell'; readonly platform: Platform }
  | { readonly act: 'acknowledge'; readonly platform: Platform }
  | { readonly act: 'ask'; readonly platform: Platform }
  | { readonly act: 'appeal'; readonly ground: Ground }
  | { readonly act: 'relieve'; readonly days: number }
  | { readonly act: 'order'; readonly effect: 'end' | 'restrict' }
  | { readonly act: 'decide'; readonly outcome: Outcome }
  | { readonly act: 'settle-dispute'; readonly says: DisputeAnswer }
  | { readonly [K in PlainAct]: { readonly act: K } }[PlainAct];

const platform = fc.constantFrom<Platform>('tubely', 'market');
const acting = <A extends Act['act']>(...acts: A[]) => fc.constantFrom(...acts);
const grounds = fc.constantFrom<Ground>('procedure', 'procedure', 'expression');

const act = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ act: acting('wait'), hours: fc.integer({ min: 1, max: 400 }) }),
  },
  { weight: 3, arbitrary: fc.record({ act: acting('tell'), platform }) },
  { weight: 2, arbitrary: fc.record({ act: acting('acknowledge'), platform }) },
  { weight: 2, arbitrary: fc.record({ act: acting('appeal'), ground: grounds }) },
  {
    weight: 1,
    arbitrary: fc.record({ act: acting('relieve'), days: fc.integer({ min: 1, max: 15 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      act: acting('decide'),
      outcome: fc.constantFrom<Outcome>('upheld', 'amended', 'reversed', 'dismissed', 'finding'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      act: acting('settle-dispute'),
      says: fc.constantFrom('fits', 'does-not-fit', 'does-not-fit', 'does-not-open'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: acting('ask'), platform }) },
  {
    weight: 1,
    arbitrary: fc.record({
      act: acting('ask-erasure'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      act: acting('order'),
      effect: fc.constantFrom('restrict', 'restrict', 'end'),
    }),
  },
  {
    weight: 18,
    arbitrary: fc.record({
      act: acting(
        'settle',
        'notify',
        'notify',
        'withdraw-appeal',
        'keep-appeal',
        'join',
        'withdraw-joined',
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
        'refuse-relief',
        'open-case',
        'leave',
        'record-another',
        'reply',
        'derived',
        'confirm-derived',
        'withdraw-derived',
      ),
    }),
  },
) as fc.Arbitrary<Act>;

const plain = (...acts: PlainAct[]): Act[] => acts.map((act) => ({ act }) as Act);
const wait = (days: number): Act => ({ act: 'wait', hours: 24 * days });
/** Up to a day before, and day by day past it and the weekend that may put it off. */
const around = (days: number): Act[] => [wait(days - 1), wait(1), wait(1), wait(1), wait(1)];
const tell = (platform: Platform): Act => ({ act: 'tell', platform });
const appeal = (ground: Ground = 'procedure'): Act => ({ act: 'appeal', ground });
const decide = (outcome: Outcome): Act => ({ act: 'decide', outcome });

const begun = fc
  .shuffledSubarray<PlainAct>(['take', 'deliver', 'confirm', 'gist', 'answer'], { minLength: 3 })
  .map((acts) => plain(...acts));

const shown: Act[] = [...plain('notify'), { act: 'wait', hours: 80 }, tell('tubely')];
const opening: Act[] = [...shown, appeal()];
const ready = plain('take', 'deliver', 'confirm', 'gist', 'answer');
const disputed = plain('deliver', 'dispute', 'recheck');
const settled = (answer: DisputeAnswer): Act[] => [
  ...disputed,
  { act: 'settle-dispute', says: answer },
];

const dismissal: Act[] = [...plain('take'), decide('dismissed')];
const speech: Act[] = [...shown, appeal('expression')];
const reversedTwice: Act[] = [
  ...plain('take', 'take'),
  decide('reversed'),
  decide('reversed'),
  ...plain('record-another'),
];
const disagreement = [decide('dismissed'), decide('upheld')];
const withDerived: Act[] = [...shown, ...plain('derived'), tell('market')];

/** Ways to somewhere, since chance alone seldom gets there. */
const ways: readonly Act[][] = [
  [
    ...opening,
    ...plain('join', 'withdraw-appeal'),
    wait(15),
    ...plain('withdraw-joined'),
    wait(15),
  ],
  [...opening, ...ready],
  [...opening, ...plain('take'), ...settled('does-not-fit')],
  [...opening, ...plain('take'), ...settled('does-not-fit'), ...settled('does-not-fit')],
  [...opening, ...plain('take'), ...settled('fits'), ...plain('gist', 'answer')],
  [...opening, ...plain('take'), ...settled('does-not-open')],
  [...opening, ...ready, decide('amended')],
  [...opening, ...dismissal],
  [...opening, ...dismissal, ...plain('reopen'), ...dismissal, ...plain('reopen')],
  [...opening, ...ready, decide('upheld'), { act: 'wait', hours: 90 * 24 + 1 }],
  [...opening, ...around(10), ...plain('record-another'), wait(1), ...plain('record-another')],
  [...opening, ...around(30), wait(155)],
  [...opening, ...ready, decide('upheld'), wait(91), ...plain('appeal-with-news'), wait(188)],
  [...opening, ...plain('take'), ...around(7), ...around(3)],
  [...opening, ...plain('take', 'deliver', 'reject', 'deliver', 'confirm')],
  [...shown, wait(58), appeal(), ...plain('take'), decide('finding')],
  [...speech, ...reversedTwice],
  [...speech, ...plain('take', 'take', 'deliver', 'confirm', 'gist', 'answer')],
  [...speech, ...plain('take'), decide('dismissed'), ...plain('take')],
  [...speech, ...plain('take', 'take', 'deliver', 'confirm', 'gist', 'answer'), ...disagreement],
  [...speech, ...plain('take', 'refuse-relief'), wait(4)],
  [...speech, ...around(3)],
  [...shown, ...plain('leave'), ...around(30)],
  [...withDerived, ...plain('withdraw'), ...around(14), ...around(12)],
  [...withDerived, ...plain('withdraw'), wait(17), ...plain('confirm-derived')],
  [...withDerived, ...plain('withdraw'), wait(13)],
  [...withDerived, ...plain('withdraw', 'withdraw-derived')],
  [...withDerived, appeal(), ...plain('take'), decide('reversed'), wait(17)],
  [...withDerived, wait(58), appeal(), ...plain('take'), decide('finding'), ...around(14)],
  [...shown, { act: 'ask', platform: 'tubely' }, ...plain('reply')],
  [...shown, ...plain('ask-erasure')],
  [...shown, ...plain('withdraw', 'ask-erasure'), wait(29)],
  [
    ...shown,
    ...plain('withdraw', 'ask-erasure'),
    { act: 'acknowledge', platform: 'tubely' },
    wait(31),
    ...plain('open-case'),
  ],
  [...shown, ...plain('withdraw'), { act: 'acknowledge', platform: 'tubely' }, wait(178)],
  [...shown, { act: 'order', effect: 'restrict' }],
];

const starts = fc.oneof(
  begun.map((acts) => [...opening, ...acts]),
  fc.constantFrom(...ways),
);

/** A start with one more act somewhere on its way. */
function withOne(start: readonly Act[], between: [number, Act] | null): Act[] {
  if (!between) return [...start];
  const [at, one] = between;
  return start.toSpliced(at % (start.length + 1), 0, one);
}

/** Any acts in any order, and ones that begin on the way to somewhere. */
const scripts: fc.Arbitrary<Act[]> = fc.oneof(
  { weight: 1, arbitrary: fc.array(act, { minLength: 4, maxLength: 18 }) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(starts, fc.array(act, { maxLength: 12 }), fc.option(fc.tuple(fc.nat(), act)))
      .map(([start, rest, between]) => [...withOne(start, between), ...rest]),
  },
);

/**
 * `now`: its reason answers at once after notice. `probation`: of a submitter that is
 * new. `spoke`: of one that had a record of speech reversed.
 */
export type Kind = 'plain' | 'now' | 'probation' | 'spoke';
/** `stopped`: until the life is over. `some`: where the script says so. `running`: whenever time has passed. */
export type Jobs = 'stopped' | 'some' | 'running';

export interface Script {
  readonly kind: Kind;
  readonly jobs: Jobs;
  readonly acts: readonly Act[];
}

const needs = (acts: readonly Act[], kind: Kind): Kind => {
  // What a decision that nobody made ends has to live for as long.
  if (acts.some((act) => act.act === 'wait' && act.hours > 24 * 150)) return 'now';
  const isAskedAgain = acts.some(({ act: one }) => one === 'record-another');
  const isSpeech = acts.some((act) => act.act === 'appeal' && act.ground === 'expression');
  return isAskedAgain && isSpeech ? 'spoke' : kind;
};

const scriptOf = ({ kind, jobs, acts }: Script): Script => ({
  kind: needs(acts, kind),
  jobs: acts.some(({ act: one }) => one === 'derived') ? 'running' : jobs,
  acts,
});

/** Each of the ways alone: what no run leaves out. */
export const everyWay: readonly Script[] = ways.map((acts) =>
  scriptOf({ kind: 'plain', jobs: 'some', acts }),
);

export const lives: fc.Arbitrary<Script> = fc
  .record({
    kind: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom<Kind>('plain', 'now') },
      { weight: 1, arbitrary: fc.constant<Kind>('probation') },
    ),
    jobs: fc.constantFrom<Jobs>('stopped', 'stopped', 'some', 'running'),
    acts: scripts,
  })
  .map(scriptOf);
