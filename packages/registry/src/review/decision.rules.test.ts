import type { AppealDecision } from '@recourse/protocol';
import { expect, test } from 'vitest';
import { refuseDecision, type DecisionFacts } from './decision.rules.ts';

const now = new Date('2026-06-03T10:00:00Z');
const at = (days: number): Date => new Date(now.getTime() + days * 86_400_000);
const seconds = (days: number): number => at(days).getTime() / 1000;
const facts: DecisionFacts = {
  now,
  openedAt: at(-2),
  ended: false,
  evidenceConfirmed: true,
  gists: [{ dueAt: at(1), answered: true }],
  reason: 'fraud.scam',
  age: 'adult',
  expiresAt: at(300),
  incidentTo: at(-20),
  isOfSpeech: false,
  attached: [0, 2],
};
const refused = (decision: Partial<AppealDecision>, of: Partial<DecisionFacts> = {}) =>
  refuseDecision(decision as AppealDecision, { ...facts, ...of })?.issues?.[0];
const code = (decision: Partial<AppealDecision>, of: Partial<DecisionFacts> = {}): string =>
  refused(decision, of)?.code ?? 'accepted';

test('a live record is upheld, amended, reversed or dismissed; an ended one upheld or found wrong', () => {
  expect(code({ outcome: 'upheld' })).toBe('accepted');
  expect(code({ outcome: 'dismissed' })).toBe('accepted');
  expect(code({ outcome: 'reversed', cause: 'error' })).toBe('accepted');
  expect(code({ outcome: 'amended', detach: [2] })).toBe('accepted');
  expect(code({ outcome: 'finding', cause: 'error' })).toBe('record-live');
  expect(code({ outcome: 'upheld' }, { ended: true })).toBe('accepted');
  expect(code({ outcome: 'finding', cause: 'error' }, { ended: true })).toBe('accepted');
  expect(code({ outcome: 'dismissed' }, { ended: true })).toBe('record-ended');
});

test('expression is a cause on a code next to speech or on that ground, and nowhere else', () => {
  const expression = { outcome: 'reversed', cause: 'expression' } as const;
  expect(refused(expression)).toMatchObject({ path: 'decision.cause', code: 'not-about-speech' });
  expect(code(expression, { isOfSpeech: true })).toBe('accepted');
  expect(code({ ...expression, cause: 'authority-origin' })).toBe('accepted');
});

test('nothing is upheld on evidence of which the creator had no gist', () => {
  expect(code({ outcome: 'upheld' }, { gists: [] })).toBe('no-gist');
  const open = { dueAt: at(1), answered: false };
  expect(code({ outcome: 'amended', detach: [0] }, { gists: [open] })).toBe('gist-unanswered');
  expect(code({ outcome: 'upheld' }, { gists: [{ ...open, dueAt: now }] })).toBe('accepted');
});

test('what is reversed or dismissed needs neither evidence nor gist', () => {
  const none = { evidenceConfirmed: false, gists: [] };
  expect(code({ outcome: 'reversed', cause: 'insufficient-evidence' }, none)).toBe('accepted');
  expect(code({ outcome: 'dismissed' }, none)).toBe('accepted');
  expect(code({ outcome: 'upheld' }, none)).toBe('not-confirmed');
});

test('dismissed: within 5 d of opening, the working day after a weekend included', () => {
  // Opened on a Monday: due on a Saturday, and so on the Monday after, at noon.
  const openedAt = new Date('2026-05-18T10:00:00Z');
  const decided = (when: string) =>
    code({ outcome: 'dismissed' }, { openedAt, now: new Date(when) });
  expect(decided('2026-05-25T12:00:00Z')).toBe('accepted');
  expect(decided('2026-05-25T12:00:01Z')).toBe('too-late');
  expect(code({ outcome: 'upheld' }, { openedAt })).toBe('accepted');
});

test('an amendment lessens and shortens', () => {
  const amended = (of: Partial<AppealDecision>, more: Partial<DecisionFacts> = {}) =>
    code({ outcome: 'amended', ...of }, more);
  expect(amended({ reason: 'network.fake-accounts' })).toBe('accepted');
  expect(amended({ reason: 'abuse.physical-harm' })).toBe('not-lesser');
  expect(amended({ reason: 'network.bulk-spam' })).toBe('beyond-reason');
  expect(amended({ reason: 'network.bulk-spam', exp: seconds(100) })).toBe('accepted');
  expect(amended({ exp: seconds(301) })).toBe('not-earlier');
  expect(amended({ exp: seconds(300) })).toBe('not-earlier');
  expect(amended({ exp: seconds(0) })).toBe('in-the-past');
  // A minor's record never outlives its kind, and some reasons are not for minors at all.
  const minor = { age: 'minor' } as const;
  expect(amended({ reason: 'network.fake-accounts', exp: seconds(1) }, minor)).toBe(
    'beyond-reason',
  );
});

test('a subject is detached, never all', () => {
  const detached = (...detach: number[]) => code({ outcome: 'amended', detach });
  expect(detached(0)).toBe('accepted');
  expect(detached(0, 2)).toBe('all-subjects');
  expect(detached(1)).toBe('no-such-subject');
  expect(detached(0, 1)).toBe('no-such-subject');
  expect(detached(2, 2)).toBe('twice');
});

test('what is found wrong names a cause, and nothing else does', () => {
  expect(code({ outcome: 'reversed' })).toBe('missing');
  expect(code({ outcome: 'finding' }, { ended: true })).toBe('missing');
  expect(code({ outcome: 'upheld', cause: 'error' })).toBe('unexpected');
});

test('an amendment amends something, and nothing else does', () => {
  expect(code({ outcome: 'amended' })).toBe('amendment-missing');
  const amendments: Partial<AppealDecision>[] = [
    { reason: 'fraud.scam' },
    { exp: seconds(1) },
    { detach: [0] },
  ];
  for (const amendment of amendments) {
    expect(code({ outcome: 'upheld', ...amendment })).toBe('amends-nothing');
    expect(code({ outcome: 'reversed', cause: 'error', ...amendment })).toBe('amends-nothing');
  }
});

test('every gist that was told is heard', () => {
  const open = { dueAt: at(1), answered: false };
  expect(code({ outcome: 'upheld' }, { gists: [open, ...facts.gists] })).toBe('gist-unanswered');
  expect(code({ outcome: 'amended', detach: [0] }, { evidenceConfirmed: false })).toBe(
    'not-confirmed',
  );
});

test('a record of a minor is amended to what may be recorded of one, for 12 months at most', () => {
  const minor: Partial<DecisionFacts> = {
    age: 'minor',
    reason: 'abuse.sextortion',
    expiresAt: at(900),
  };
  const amended = (months: string, of = minor) =>
    code(
      { outcome: 'amended', reason: 'identity.account-takeover', exp: Date.parse(months) / 1000 },
      of,
    );
  // The incident ended on 14 May 2026, at 10:00.
  expect(amended('2027-05-14T10:00:00Z')).toBe('accepted');
  expect(amended('2027-05-14T10:00:01Z')).toBe('beyond-reason');
  expect(amended('2028-05-14T10:00:00Z', { ...minor, age: 'unknown' })).toBe('accepted');
  expect(amended('2028-05-14T10:00:01Z', { ...minor, age: 'unknown' })).toBe('beyond-reason');
});

test('an amendment that leaves the expiry is judged by it', () => {
  const detached: Partial<AppealDecision> = { outcome: 'amended', detach: [0] };
  expect(code(detached, { expiresAt: at(-1) })).toBe('accepted');
  expect(code({ ...detached, reason: 'network.bulk-spam' }, { expiresAt: at(100) })).toBe(
    'accepted',
  );
  expect(code({ outcome: 'upheld' }, { expiresAt: at(-1) })).toBe('accepted');
});

test.each<[Partial<AppealDecision>, Partial<DecisionFacts>, string]>([
  [{ outcome: 'finding' }, {}, 'decision.outcome'],
  [{ outcome: 'dismissed' }, { ended: true }, 'decision.outcome'],
  [{ outcome: 'reversed' }, {}, 'decision.cause'],
  [{ outcome: 'amended' }, {}, 'decision.outcome'],
  [{ outcome: 'upheld' }, { evidenceConfirmed: false }, 'evidence'],
  [{ outcome: 'upheld' }, { gists: [] }, 'questions'],
  [{ outcome: 'upheld' }, { gists: [{ dueAt: at(1), answered: false }] }, 'questions'],
  [{ outcome: 'dismissed' }, { openedAt: at(-30) }, 'decision.outcome'],
  [{ outcome: 'amended', reason: 'abuse.physical-harm' }, {}, 'decision.reason'],
  [{ outcome: 'amended', exp: seconds(0) }, {}, 'decision.exp'],
  [{ outcome: 'amended', exp: seconds(300) }, {}, 'decision.exp'],
  [{ outcome: 'amended', reason: 'network.bulk-spam' }, {}, 'decision.exp'],
  [{ outcome: 'amended', detach: [2, 2] }, {}, 'decision.detach'],
  [{ outcome: 'amended', detach: [1] }, {}, 'decision.detach'],
  [{ outcome: 'amended', detach: [0, 2] }, {}, 'decision.detach'],
])('a refusal of %j says where it is wrong', (decision, of, path) => {
  expect(refused(decision, of)?.path).toBe(path);
});

test('what is missing for a decision is a conflict of state, and no fault of the input', () => {
  const problem = refuseDecision({ outcome: 'upheld' } as AppealDecision, { ...facts, gists: [] });
  expect(problem?.code).toBe('state-conflict');
  const open = [{ dueAt: at(1), answered: false }];
  for (const missing of [{ evidenceConfirmed: false }, { gists: open }]) {
    const refusal = refuseDecision({ outcome: 'upheld' } as AppealDecision, {
      ...facts,
      ...missing,
    });
    expect(refusal?.code).toBe('state-conflict');
  }
});
