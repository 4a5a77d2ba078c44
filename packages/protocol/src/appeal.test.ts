import { describe, expect, test } from 'vitest';
import {
  appealGrounds,
  decidedCauses,
  isLesserReason,
  needsTwoReviewers,
  owesRelief,
  reversalCauses,
  withholdsReason,
} from './appeal.ts';
import { caseSecret } from './ops/cases.ts';
import { actionsByTrust, fitsKind, recallActions, recallKinds } from './recall.ts';
import { eventOf, eventTypes, eventUri, securityEventSchema } from './events.ts';
import { reasonCodes, reasons } from './taxonomy/index.ts';

describe('the reason is withheld while it is in doubt', () => {
  test.each(appealGrounds)('%s', (ground) => {
    const inDoubt = ['not-me', 'recycled', 'facts-wrong'].includes(ground);
    expect(withholdsReason(ground, 'fraud.scam')).toBe(inDoubt);
  });

  test('codes with a person to protect keep it', () => {
    const keeping = reasonCodes.filter((code) => !withholdsReason('not-me', code));
    expect(keeping).toEqual([
      'fraud.phishing',
      'identity.account-takeover',
      ...reasonCodes.filter((code) => code.startsWith('abuse.')),
    ]);
  });
});

test('two reviewers for physical harm, minors and speech, one for all else', () => {
  const plain = { reason: 'fraud.scam', age: 'unknown', ground: 'not-me' } as const;
  expect(needsTwoReviewers(plain)).toBe(false);
  expect(needsTwoReviewers({ ...plain, reason: 'abuse.physical-harm' })).toBe(true);
  expect(needsTwoReviewers({ ...plain, age: 'minor' })).toBe(true);
  expect(needsTwoReviewers({ ...plain, ground: 'expression' })).toBe(false);
  const byTwo = reasonCodes.filter((reason) =>
    needsTwoReviewers({ ...plain, reason, ground: 'expression' }),
  );
  expect(byTwo).toEqual([
    'identity.impersonation',
    'network.fake-accounts',
    'network.bulk-spam',
    'abuse.doxxing',
    'abuse.threat',
    'abuse.stalking',
    'abuse.physical-harm',
  ]);
  const relieved = reasonCodes.filter((reason) => owesRelief({ reason, ground: 'expression' }));
  expect(relieved).toEqual(
    byTwo.filter((one) => one !== 'network.bulk-spam' && one !== 'abuse.physical-harm'),
  );
  expect(owesRelief({ reason: 'abuse.doxxing', ground: 'not-me' })).toBe(false);
});

test('a lesser reason never lets a record live longer', () => {
  for (const to of reasonCodes) {
    for (const from of reasonCodes) {
      if (!isLesserReason(to, from)) continue;
      expect(to).not.toBe(from);
      expect(reasons[to].longestLifeMonths!).toBeLessThanOrEqual(reasons[from].longestLifeMonths!);
    }
  }
  // Its life is that of the record it evades: nothing lesser to compare.
  expect(reasonCodes.some((code) => isLesserReason('network.ban-evasion', code))).toBe(false);
  expect(isLesserReason('network.bulk-spam', 'fraud.scam')).toBe(true);
});

test('a reviewer never decides a cause that is a deadline or an act of somebody else', () => {
  const others = reversalCauses.filter(
    (cause) => !(decidedCauses as readonly string[]).includes(cause),
  );
  expect(others).toEqual([
    'evidence-not-delivered',
    'evidence-mismatch',
    'conceded',
    'key-compromise',
  ]);
});

describe('recalls', () => {
  test('undone, paused and corrected answer their own kind; every other action answers each', () => {
    const fits = recallKinds.map((kind) =>
      recallActions.filter((action) => fitsKind(action, kind)),
    );
    const every = recallActions.slice(3);
    expect(fits).toEqual([
      ['undone', ...every],
      ['paused', ...every],
      ['corrected', ...every],
    ]);
  });

  test('acts on a person are signed by a trust key', () => {
    expect([...actionsByTrust]).toEqual(['refusal-lifted', 'kept-on-own-grounds']);
  });
});

describe('the secret of a case', () => {
  const good = 'a1b2-c3d4-e5f6-g7h8-j9k0-m1n2-p3q4-r5s6';
  test.each([good, `${good}.1`, `${good}.999`])('%s', (secret) => {
    expect(caseSecret.safeParse(secret).success).toBe(true);
  });
  test.each([
    good.toUpperCase(),
    good.replaceAll('-', ''),
    `${good}-0000`,
    good.replace('a', 'l'),
    good.replace('a', 'i'),
    `${good}.`,
    `${good}.1000`,
    ` ${good}`,
    `${good}\n`,
  ])('not %j', (secret) => {
    expect(caseSecret.safeParse(secret).success).toBe(false);
  });
});

describe('security events', () => {
  const sanction = 'snc_00000000000000000000000000';
  const event = (type: (typeof eventTypes)[number]) => ({
    iss: 'https://registry.example',
    aud: 'plt_00000000000000000000000000',
    iat: 1,
    jti: 'evt_00000000000000000000000000',
    txn: sanction,
    sub_id: { format: 'opaque', id: sanction },
    events: { [eventUri(type)]: { version: 2 } },
  });

  test.each(eventTypes)('%s is read back', (type) => {
    const parsed = securityEventSchema.parse(event(type));
    expect(eventOf(parsed)).toEqual({ type, body: { version: 2 } });
  });

  test('an event of another vocabulary is none', () => {
    const other = {
      ...event('sanction-upheld'),
      events: { 'https://other.example/x': { version: 2 } },
    };
    expect(securityEventSchema.safeParse(other).success).toBe(false);
  });
});
