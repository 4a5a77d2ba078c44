import {
  generateKey,
  signCompact,
  signerFromJwk,
  toNumericDate,
  type Signer,
} from '@recourse/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, connected, opsOf, type ConnectedClients } from '../../tests/connected.ts';
import { checkA, now, origin, platformA, platformB, sanctionA } from '../../tests/fake-registry.ts';
import { answersWith, email, record, told } from '../../tests/records.ts';
import { check as checkEagerly } from './index.ts';

let at: ConnectedClients;
let trust: Signer;
let adminOfB: Signer;
beforeEach(async () => {
  at = await connected();
  adminOfB = await at.registry.addParty(platformB);
  trust = await at.registry.addKey(platformB, { by: adminOfB, role: 'trust' });
});

const ask = (recourse = at.recourse) =>
  recourse.check({ email: ` ${email.toUpperCase()} ` }, { purpose: 'signup', provenAt: now });

async function codeWith(options: Partial<Parameters<typeof record>[1]>): Promise<string> {
  await answersWith(at.registry, [await record(at.registry, { trust, ...options })]);
  return codeOf(ask);
}

describe('a check tells the registry nothing and believes it nothing', () => {
  it('returns a verified match, with both receipts', async () => {
    await answersWith(at.registry, [await record(at.registry, { trust })]);
    const result = await ask();
    expect(result).toMatchObject({ check: checkA, advice: 'review' });
    expect(result.receipts).toHaveLength(2);
    expect(result.matches).toMatchObject([
      {
        sanction: sanctionA,
        reason: 'fraud.scam',
        identifier: 'email',
        disputed: false,
        submitter: { id: platformB, name: `Name of ${platformB}` },
      },
    ]);
    expect(JSON.stringify(at.registry.received.map(({ payload }) => payload))).not.toContain(
      'creator',
    );
  });

  it('asks about a hit always, also when nothing is held', async () => {
    await answersWith(at.registry, []);
    expect(await ask()).toMatchObject({ advice: 'no-record', from: 'registry', matches: [] });
    expect(opsOf(at.registry)).toEqual([
      'checks.evaluate',
      'prefixes.sync',
      'prefixes.sync',
      'checks.match',
    ]);
  });

  it('asks every live epoch in one evaluation', async () => {
    at.registry.epochs.push({ epoch: 2 });
    await answersWith(at.registry, []);
    await checkEagerly(at.recourse, { email }, { purpose: 'signup', provenAt: now });
    const input = at.registry.received.at(-1)?.payload.in as { tokens: { epoch: number }[] };
    expect(input.tokens.map(({ epoch }) => epoch)).toEqual([2, 1]);
  });

  it('refuses an evaluation by another key than the published one', async () => {
    await answersWith(at.registry, []);
    at.registry.evaluates(new Uint8Array(32).fill(3));
    expect(await codeOf(ask)).toBe('proof-invalid');
  });

  it('sends no case id that is an identifier', async () => {
    await answersWith(at.registry, []);
    const options = { purpose: 'signup', provenAt: now, ref: 'NL91ABNA0417164300' } as const;
    const error: unknown = await at.recourse.check({ email }, options).catch((e: unknown) => e);
    expect(error).toMatchObject({ issues: [{ path: 'ref', code: 'names-somebody' }] });
    expect(at.registry.received).toEqual([]);
  });

  it('names the identifier that has no canonical form, and not its value', async () => {
    await answersWith(at.registry, []);
    const creator = { email: [email, 'not an address'] };
    const error: unknown = await at.recourse
      .check(creator, { purpose: 'signup', provenAt: now })
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'invalid-input', issues: [{ path: 'email.1' }] });
    expect(String(error)).not.toContain('address');
    expect(at.registry.received).toEqual([]);
  });
});

describe('an invented, edited or misdirected record fails the check', () => {
  it('refuses a statement that was edited after it was signed', async () => {
    const match = await told(at.registry, { trust });
    const [header, , signature] = match.statement.split('.');
    const worse = await told(at.registry, { trust, statement: { reason: 'fraud.payment' } });
    const [, payload] = worse.statement.split('.');
    await answersWith(at.registry, [
      { ...match, statement: [header, payload, signature].join('.') },
    ]);
    expect(await codeOf(ask)).toBe('statement-invalid');
  });

  it('refuses a statement for another registry, or of another sanction', async () => {
    expect(await codeWith({ statement: { aud: 'https://other.example' } })).toBe(
      'statement-invalid',
    );
    const jti = 'snc_01hzy3v7q8e9k4m5n6p7r8s9t9';
    expect(await codeWith({ statement: { jti } })).toBe('statement-invalid');
  });

  it('refuses a statement whose time is over, and one shown for longer than it says', async () => {
    const over = { exp: toNumericDate(now) };
    const match = { expiresAt: '2026-03-01T12:00:00Z' };
    expect(await codeWith({ statement: over, match })).toBe('statement-invalid');
    expect(await codeWith({ match: { expiresAt: '2028-01-01T00:00:00Z' } })).toBe(
      'statement-invalid',
    );
  });

  it("refuses somebody else's sanction shown for this creator", async () => {
    expect(await codeWith({ value: 'other@example.com' })).toBe('commitment-invalid');
  });

  it('refuses a leaf of another kind than the identifier asked about', async () => {
    expect(await codeWith({ kind: 'domain', value: 'example.com' })).toBe('commitment-invalid');
    expect(await codeWith({ kind: 'domain', tokenKind: 'email' })).toBe('commitment-invalid');
  });

  it('refuses a leaf whose proof of control was changed', async () => {
    const match = await told(at.registry, { trust });
    await answersWith(at.registry, [{ ...match, leaf: { ...match.leaf, control: 'kyc' } }]);
    expect(await codeOf(ask)).toBe('commitment-invalid');
  });

  it('refuses a match for a token that was not sent', async () => {
    expect(await codeWith({ match: { token: 5 } })).toBe('answer-invalid');
  });
});

describe('a statement counts by the key chain of its submitter', () => {
  it('refuses a key that the registry planted', async () => {
    const planted = await signerFromJwk(await generateKey());
    await at.registry.addKey(platformB, { by: planted, role: 'trust', signer: planted });
    expect(await codeWith({ trust: planted })).toBe('chain-invalid');
  });

  it('refuses a service key, and a key of nobody', async () => {
    const service = await at.registry.addKey(platformB, { by: adminOfB, role: 'service' });
    expect(await codeWith({ trust: service })).toBe('statement-invalid');
    const nobody = await signerFromJwk(await generateKey());
    expect(await codeWith({ trust: nobody })).toBe('chain-invalid');
  });

  it('refuses a party that was given a new enrolment key', async () => {
    await answersWith(at.registry, [await record(at.registry, { trust })]);
    const pins = new Map<string, string>();
    const store = {
      get: (name: string) => pins.get(name),
      set: (name: string, value: string) => void pins.set(name, value),
    };
    await ask(at.connectAgain({ pins: store }));
    const usurper = await at.registry.addParty(platformB);
    const theirs = await at.registry.addKey(platformB, { by: usurper, role: 'trust' });
    await answersWith(at.registry, [await record(at.registry, { trust: theirs })]);
    expect(await codeOf(() => ask(at.connectAgain({ pins: store })))).toBe('chain-invalid');
  });

  it('reads a chain once, and again for a key it does not know', async () => {
    const clock = { now: now.getTime() };
    const recourse = at.connectAgain({ clock: () => new Date(clock.now) });
    await answersWith(at.registry, [await record(at.registry, { trust })]);
    await ask(recourse);
    await ask(recourse);
    // What was told owes an entry of the ledger.
    const [{ sanction, version } = {}] = (await ask(recourse)).matches;
    expect(recourse.session.told.list()).toEqual([{ sanction, version }]);
    const chains = () =>
      at.registry.documentsRead.filter((path) => path.includes(platformB)).length;
    expect(chains()).toBe(1);
    const newer = await at.registry.addKey(platformB, { by: adminOfB, role: 'trust' });
    clock.now += 6000;
    await answersWith(at.registry, [await record(at.registry, { trust: newer })]);
    expect((await ask(recourse)).matches).toHaveLength(1);
    expect(chains()).toBe(2);
  });

  it('counts statements of a retired key, and of a compromised one only from before it was', async () => {
    const revoked = { at: '2026-03-01T11:00:00Z', why: 'retired' as const };
    at.registry.revoke(platformB, trust.kid, revoked);
    expect(await codeWith({})).toBe('nothing thrown');
    for (const [since, code] of [
      ['2026-03-01T11:50:00Z', 'nothing thrown'],
      ['2026-03-01T11:40:00Z', 'statement-invalid'],
      [undefined, 'statement-invalid'],
    ] as const) {
      at = { ...at, recourse: at.connectAgain() };
      const compromised = { ...revoked, why: 'compromised' as const, ...(since ? { since } : {}) };
      at.registry.revoke(platformB, trust.kid, compromised);
      expect(await codeWith({})).toBe(code);
    }
  });
});

describe('what came after the statement', () => {
  const decide = async (signer: Signer, overrides: object = {}): Promise<string> =>
    signCompact(signer, 'recourse-decision+jwt', {
      iss: 'panel',
      aud: origin,
      sub: sanctionA,
      appeal: sanctionA.replace('snc', 'apl'),
      outcome: 'amended',
      reason: 'network.bulk-spam',
      reasons: 'A'.repeat(43),
      exp: toNumericDate(new Date('2026-09-01T00:00:00Z')),
      iat: toNumericDate(now),
      ...overrides,
    });

  it('takes the values of an amendment that a reviewer signed', async () => {
    const chair = await at.registry.addParty('panel', 'reviewer');
    const amendment = await decide(chair);
    const expiresAt = '2026-09-01T00:00:00Z';
    await answersWith(at.registry, [
      await record(at.registry, { trust, match: { amendment, expiresAt } }),
    ]);
    expect((await ask()).matches[0]?.reason).toBe('network.bulk-spam');
  });

  it('refuses an amendment by anyone else, or of another sanction', async () => {
    const chair = await at.registry.addParty('panel', 'reviewer');
    const forged = await decide(trust);
    expect(await codeWith({ match: { amendment: forged } })).toBe('chain-invalid');
    const other = await decide(chair, { sub: 'snc_01hzy3v7q8e9k4m5n6p7r8s9t9' });
    expect(await codeWith({ match: { amendment: other, expiresAt: '2026-08-01T00:00:00Z' } })).toBe(
      'statement-invalid',
    );
  });

  it('takes the subjects of an update that the submitter signed, and of no other', async () => {
    at.registry.epochs.push({ epoch: 2 });
    const other = 'snc_01hzy3v7q8e9k4m5n6p7r8s9t9' as const;
    expect(await codeWith({ update: { by: trust } })).toBe('nothing thrown');
    expect(await codeWith({ update: { by: trust, sub: other } })).toBe('statement-invalid');
    expect(await codeWith({ update: { by: trust, iss: platformA } })).toBe('statement-invalid');
    expect(await codeWith({ update: { by: trust, epoch: 1 } })).toBe('commitment-invalid');
    expect(await codeWith({ update: { by: at.trust } })).toBe('chain-invalid');
    expect(await codeWith({ update: { by: adminOfB, subjects: 'A'.repeat(43) } })).toBe(
      'commitment-invalid',
    );
  });

  it('refuses an amendment that lengthens, or that decides something else', async () => {
    const chair = await at.registry.addParty('panel', 'reviewer');
    const longer = await decide(chair, { exp: toNumericDate(new Date('2030-01-01T00:00:00Z')) });
    const expiresAt = '2029-01-01T00:00:00Z';
    expect(await codeWith({ match: { amendment: longer, expiresAt } })).toBe('statement-invalid');
    const upheld = await decide(chair, { outcome: 'upheld' });
    expect(
      await codeWith({ match: { amendment: upheld, expiresAt: '2026-08-01T00:00:00Z' } }),
    ).toBe('statement-invalid');
  });

  it('drops a version that was overtaken', async () => {
    const match = await record(at.registry, { trust });
    const show = async (version: number): Promise<unknown[]> => {
      await answersWith(at.registry, [{ ...match, version }]);
      const { matches, advice } = await ask();
      return [matches.length, advice];
    };
    expect(await show(3)).toEqual([1, 'review']);
    expect(await show(2)).toEqual([0, 'no-record']);
    expect(await show(3)).toEqual([1, 'review']);
  });
});
