import {
  detailDigest,
  Problem,
  sanctionRef,
  toNumericDate,
  type Opening,
} from '@recourse/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, connected, type ConnectedClients } from '../../tests/connected.ts';
import { newSigner, now, platformA, platformB, sanctionA } from '../../tests/fake-registry.ts';

const bytes32 = (letter: string): string => letter.repeat(42) + 'A';
const status = { sanction: sanctionA, state: 'visible', version: 1, disputed: false };
const answer = { ...status, expiresAt: '2026-09-01T00:00:00Z' };

let at: ConnectedClients;
beforeEach(async () => {
  at = await connected();
  at.registry.handlers.set('sanctions.status', () => ({ result: answer }));
});
const ask = (recourse = at.recourse) => recourse.sanctions.status({ sanction: sanctionA });

describe('an answer is returned only with the signature of the registry under it', () => {
  it('returns the result with a verified receipt', async () => {
    const called = await at.recourse.call('sanctions.status', { sanction: sanctionA });
    expect(called.result).toEqual(answer);
    expect(called.receipt.leaf).toMatchObject({
      iss: platformA,
      op: 'sanctions.status',
      status: 200,
    });
    expect(await ask()).toEqual(answer);
  });

  it('refuses a body that was changed on the way', async () => {
    at.registry.tamper = (sent) => ({ ...sent, body: sent.body.replace('visible', 'expired') });
    expect(await codeOf(ask)).toBe('receipt-invalid');
  });

  it('refuses an answer without a receipt', async () => {
    at.registry.tamper = (sent) => ({ ...sent, receipt: undefined });
    expect(await codeOf(ask)).toBe('receipt-invalid');
  });

  it('refuses a receipt of another call with the same answer', async () => {
    const receipts: (string | undefined)[] = [];
    at.registry.tamper = (sent) => {
      receipts.push(sent.receipt);
      return { ...sent, receipt: receipts[0] };
    };
    await ask();
    expect(await codeOf(ask)).toBe('receipt-invalid');
  });

  it('refuses a receipt whose index, path or group was changed', async () => {
    for (const change of [
      (text: string) => text.replace(/^1\./, '0.'),
      (text: string) => text.replace(/^1\.[^.]{4}/, '1.AAAA'),
      (text: string) => text.replace(/[^.](?=[^.]*$)/, (c) => (c === 'A' ? 'B' : 'A')),
      () => 'receipt',
    ]) {
      at.registry.tamper = (sent) => ({ ...sent, receipt: change(sent.receipt ?? '') });
      expect(await codeOf(ask)).toBe('receipt-invalid');
    }
  });

  it('refuses a status that the receipt does not state', async () => {
    at.registry.handlers.set('sanctions.status', () => {
      throw new Problem('not-found');
    });
    expect(await codeOf(ask)).toBe('not-found');
    at.registry.tamper = (sent) => ({
      ...sent,
      status: 409,
      body: sent.body.replace('not-found', 'state-conflict'),
    });
    expect(await codeOf(ask)).toBe('receipt-invalid');
  });

  it('refuses a problem under a status that is not its own', async () => {
    at.registry.tamper = () => ({
      status: 403,
      contentType: 'application/problem+json',
      body: JSON.stringify({ type: 'https://registry.example/problems/unknown-key' }),
    });
    expect(await codeOf(ask)).toBe('answer-invalid');
  });

  it('refuses a refusal without a receipt', async () => {
    at.registry.handlers.set('sanctions.status', () => {
      throw new Problem('not-found');
    });
    at.registry.tamper = (sent) => ({ ...sent, receipt: undefined });
    expect(await codeOf(ask)).toBe('receipt-invalid');
  });

  it('refuses a result that is not of the operation', async () => {
    at.registry.handlers.set('sanctions.status', () => ({ result: { ...answer, version: 0 } }));
    expect(await codeOf(ask)).toBe('answer-invalid');
  });
});

describe('the keys of the registry are those its pinned ledger key announced', () => {
  it('refuses a registry with another ledger key', async () => {
    const other = at.connectAgain({
      registry: { origin: 'https://registry.example', logKid: bytes32('B') },
    });
    expect(await codeOf(() => ask(other))).toBe('registry-key-invalid');
  });

  it('refuses a receipt by a key that nobody announced', async () => {
    at.registry.receiptSigner = await newSigner();
    expect(await codeOf(ask)).toBe('registry-key-invalid');
  });

  it('refuses a document with a key that another key announced', async () => {
    const planted = await newSigner();
    await at.registry.announce(planted, planted);
    at.registry.receiptSigner = planted;
    expect(await codeOf(ask)).toBe('registry-key-invalid');
  });

  it('refuses a receipt by a key that was announced for another use, or elsewhere', async () => {
    for (const over of [{ use: 'set' as const }, { aud: 'https://other.example' }]) {
      const fresh = await connected();
      const other = await newSigner();
      await fresh.registry.announce(fresh.registry.logSigner, other, over);
      fresh.registry.receiptSigner = other;
      expect(await codeOf(() => ask(fresh.recourse))).toBe('registry-key-invalid');
    }
  });

  it('refuses the document of another registry', async () => {
    const url = 'https://registry.example';
    const logKid = at.registry.logSigner.kid;
    const other = at.connectAgain({ registry: { origin: 'https://other.example', url, logKid } });
    const asked = other.check({ email: 'creator@example.com' }, { purpose: 'monetisation' });
    expect(await codeOf(() => asked)).toBe('registry-key-invalid');
  });

  it('learns a receipt key that was announced later', async () => {
    const minute = { now: now.getTime() };
    const later = at.connectAgain({ clock: () => new Date(minute.now) });
    await ask(later);
    const next = await newSigner();
    await at.registry.announce(at.registry.logSigner, next);
    at.registry.receiptSigner = next;
    minute.now += 10_000;
    expect(await ask(later)).toEqual(answer);
  });

  it('refuses a token key that differs from the one pinned', async () => {
    const pins = new Map([['epoch:1', bytes32('B')]]);
    const store = { get: (name: string) => pins.get(name), set: () => undefined };
    expect(await codeOf(() => ask(at.connectAgain({ pins: store })))).toBe('registry-key-invalid');
  });
});

describe('what a call changed is what the ledger will show', () => {
  const salt = bytes32('C');
  const detail = { version: 1 };
  const entry = {
    v: 1 as const,
    type: 'sanction-ended' as const,
    at: '2026-03-01T12:00:00Z',
    ref: sanctionRef(salt, sanctionA),
    digest: detailDigest(salt, detail),
  };
  const opening: Opening = { entry, sanction: sanctionA, refSalt: salt, entrySalt: salt, detail };
  const result = { sanction: sanctionA, state: 'withdrawn', version: 2, recalls: 0 };
  const withdraw = () => at.recourse.sanctions.withdraw({ sanction: sanctionA, cause: 'error' });

  it('accepts openings that open the entries of the root, and bare entries of others', async () => {
    const openings = [opening, { entry }];
    at.registry.handlers.set('sanctions.withdraw', () => ({ result, openings }));
    expect(await withdraw()).toEqual(result);
  });

  it('refuses an opening of something else', async () => {
    const openings = [{ ...opening, detail: { version: 2 } }];
    at.registry.handlers.set('sanctions.withdraw', () => ({ result, openings }));
    expect(await codeOf(withdraw)).toBe('commitment-invalid');
  });

  it('refuses to be shown other entries than the receipt commits to', async () => {
    for (const entries of [[{ ...entry, at: '2026-03-01T12:00:01Z' }], [entry, entry]]) {
      const handled = { result, openings: [opening], entries };
      at.registry.handlers.set('sanctions.withdraw', () => handled);
      expect(await codeOf(withdraw)).toBe('commitment-invalid');
    }
  });

  it('refuses a root that is not in the receipt', async () => {
    at.registry.handlers.set('sanctions.withdraw', () => ({ result, openings: [opening] }));
    at.registry.tamper = (sent) => ({ ...sent, body: sent.body.replace('"count":1', '"count":2') });
    expect(await codeOf(withdraw)).toBe('receipt-invalid');
  });
});

describe('however often a mutation is sent, it has one effect', () => {
  const result = { kid: bytes32('D'), revokedAt: '2026-03-01T12:00:00Z', suspended: 0 };
  const revoke = (recourse = at.recourse) =>
    recourse.keys.revoke({ kid: bytes32('D'), why: 'retired' });
  let effects = 0;
  beforeEach(() => {
    effects = 0;
    at.registry.handlers.set('keys.revoke', () => {
      effects++;
      return { result };
    });
  });

  it('sends the identical bytes again when the answer was lost', async () => {
    at.registry.loses = 2;
    const bytes: unknown[] = [];
    const fetch: typeof at.registry.fetch = (url, init) => {
      if (url.includes('/call/')) bytes.push(init.body);
      return at.registry.fetch(url, init);
    };
    expect(await revoke(at.connectAgain({ fetch }))).toEqual(result);
    expect([bytes.length, new Set(bytes).size, effects]).toEqual([3, 1, 1]);
  });

  it('signs anew with the same idem when the lost call has expired', async () => {
    const clock = { now: now.getTime() };
    at.registry.clock = () => new Date(clock.now);
    const slow = at.connectAgain({
      clock: () => new Date(clock.now),
      sleep: async () => void (clock.now += 121_000),
    });
    at.registry.loses = 1;
    expect(await revoke(slow)).toEqual(result);
    const [first, second] = at.registry.received.map(({ payload }) => payload);
    expect(first?.jti).not.toBe(second?.jti);
    expect(first?.idem).toBe(second?.idem);
    expect(effects).toBe(1);
  });

  it('asks a read anew when its answer was lost', async () => {
    at.registry.loses = 1;
    expect(await ask()).toEqual(answer);
    const ids = at.registry.received.map(({ payload }) => payload.jti);
    expect(new Set(ids).size).toBe(2);
    expect(at.registry.received.every(({ payload }) => payload.idem === undefined)).toBe(true);
  });

  it('gives up after the attempts it was given', async () => {
    at.registry.loses = 99;
    expect(await codeOf(() => revoke())).toBe('unavailable');
    expect(at.waits).toHaveLength(4);
    expect(effects).toBe(1);
  });
});

describe('waiting', () => {
  it('adjusts its clock once when the registry says that it is wrong', async () => {
    const ahead = at.connectAgain({ clock: () => new Date(now.getTime() + 3_600_000) });
    expect(await ask(ahead)).toEqual(answer);
    expect(at.registry.received[0]?.payload.iat).toBe(toNumericDate(now));
    let hours = 1;
    at.registry.clock = () => new Date(now.getTime() + hours++ * 3_600_000);
    expect(await codeOf(() => ask(ahead))).toBe('clock-skew');
  });

  it('honours Retry-After, and signs anew after an answer that used up the jti', async () => {
    let refusals = 2;
    at.registry.handlers.set('sanctions.status', () => {
      if (refusals-- > 0) throw new Problem('quota-exceeded', { retryAfterSeconds: 3 });
      return { result: answer };
    });
    expect(await ask()).toEqual(answer);
    expect(at.waits.every((milliseconds) => milliseconds >= 3000)).toBe(true);
    expect(new Set(at.registry.received.map(({ payload }) => payload.jti)).size).toBe(3);
  });

  it('does not wait longer than it may', async () => {
    at.registry.handlers.set('sanctions.status', () => {
      throw new Problem('quota-exceeded', { retryAfterSeconds: 3600 });
    });
    expect(await codeOf(ask)).toBe('quota-exceeded');
    expect(at.waits).toEqual([]);
  });

  it('takes a gateway for no answer', async () => {
    at.registry.tamper = () => ({ status: 502, contentType: 'text/html', body: 'Bad gateway' });
    expect(await codeOf(ask)).toBe('unavailable');
  });

  it('throws what the signal was aborted with', async () => {
    const reason = new Error('changed my mind');
    const signal = AbortSignal.abort(reason);
    await expect(at.recourse.sanctions.status({ sanction: sanctionA }, { signal })).rejects.toBe(
      reason,
    );
  });
});

describe('the key that carries a call', () => {
  it('is the service key where it may, the admin key where it must', async () => {
    at.registry.handlers.set('keys.list', () => ({ result: { keys: [], waiting: [] } }));
    await ask();
    await at.recourse.keys.list({});
    expect(at.registry.received.map(({ key }) => key.kid)).toEqual([at.service.kid, at.admin.kid]);
  });

  it('is asked for, not guessed, when it was not given', async () => {
    const service = at.connectAgain({ signers: { service: at.service } });
    expect(await codeOf(() => service.keys.list({}))).toBe('signer-missing');
  });

  it('refuses an invalid input before it signs anything, without its values', async () => {
    const invalid = { sanction: platformB } as never;
    const error: unknown = await at.recourse.sanctions.status(invalid).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'invalid-input', issues: [{ path: 'sanction' }] });
    expect(JSON.stringify(error)).not.toContain(platformB);
    expect(at.registry.received).toEqual([]);
  });
});
