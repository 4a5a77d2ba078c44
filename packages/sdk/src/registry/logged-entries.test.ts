import { hashText, type Entry, type Json, type Signer } from '@recourse/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, connected, type ConnectedClients } from '../../tests/connected.ts';
import { newSigner, platformB } from '../../tests/fake-registry.ts';
import { memoryPins } from '../pins.ts';

let at: ConnectedClients;
let adminOfB: Signer;
let trust: Signer;
beforeEach(async () => {
  at = await connected();
  adminOfB = await at.registry.addParty(platformB);
  trust = await at.registry.addKey(platformB, { by: adminOfB, role: 'trust' });
  at.registry.handlers.set('checks.owed', () => ({ result: { owed: [] } }));
});

const ask = (recourse = at.recourse) => recourse.checks.owed({});
const key = (kid = trust.kid, recourse = at.recourse) =>
  recourse.session.parties.key(platformB, kid);
const epochs = () => at.recourse.session.registry.epochs();

/** Takes an entry out of the ledger, and leaves it in every document. */
function unlog(isIt: (detail: Record<string, Json>, entry: Entry) => boolean): void {
  const { entries } = at.registry.log;
  const place = entries.findIndex((entry) => 'detail' in entry && isIt(entry.detail, entry));
  expect(place).toBeGreaterThanOrEqual(0);
  entries.splice(place, 1);
}

describe('what is not in the ledger is not believed', () => {
  it('a receipt key that the ledger key announced to one member only', async () => {
    unlog(({ use }) => use === 'receipt');
    expect(await codeOf(ask)).toBe('not-logged');
  });

  it('a token key', async () => {
    await ask();
    unlog(({ publicKey }) => publicKey !== undefined);
    expect(await codeOf(epochs)).toBe('not-logged');
  });

  it('a key of a party, though an admin key of it signed', async () => {
    unlog(({ kid }) => kid === trust.kid);
    expect(await codeOf(key)).toBe('not-logged');
  });

  it('a key of a party whose admin key is not', async () => {
    unlog(({ kid }) => kid === adminOfB.kid);
    expect(await codeOf(key)).toBe('not-logged');
  });

  it('a revocation, of the key or of the one that signed for it', async () => {
    const revoked = { at: '2026-03-01T13:00:00Z', why: 'retired' } as const;
    for (const kid of [trust.kid, adminOfB.kid]) {
      at.registry.revoke(platformB, kid, revoked);
      unlog((detail, { type }) => type === 'key-revoked' && detail['kid'] === kid);
      expect(await codeOf(() => key(trust.kid, at.connectAgain()))).toBe('not-logged');
    }
  });
});

describe('an entry that says something else is none of it', () => {
  it('for a key of the registry', async () => {
    const other = await newSigner();
    await at.registry.announce(at.registry.logSigner, other, { use: 'event' });
    const [mine, theirs] = at.registry.announcements;
    at.registry.announcements[0] = { ...mine!, entry: theirs!.entry };
    expect(await codeOf(ask)).toBe('registry-key-invalid');
  });

  it('for a token key', async () => {
    at.registry.saysOfEpoch = { opensAt: '2026-01-02T00:00:00Z' };
    expect(await codeOf(epochs)).toBe('registry-key-invalid');
  });

  it('for a key of a party', async () => {
    const { links } = at.registry.parties.get(platformB)!;
    links[1] = { ...links[1]!, entry: links[0]!.entry };
    expect(await codeOf(key)).toBe('chain-invalid');
  });

  it.each([
    ['why', { why: 'compromised' }],
    ['since', { since: '2026-03-01T10:00:00Z' }],
    ['whose', { kid: hashText('another key') }],
  ])('for a revocation: %s', async (_, change) => {
    at.registry.revoke(platformB, trust.kid, { at: '2026-03-01T13:00:00Z', why: 'retired' });
    const { links } = at.registry.parties.get(platformB)!;
    const { revoked } = links[1]!;
    if (!revoked || !('detail' in revoked.entry)) throw new Error('not revoked');
    const entry = { ...revoked.entry, detail: { ...revoked.entry.detail, ...change } };
    links[1] = { ...links[1]!, revoked: { ...revoked, entry: at.registry.log.announce(entry) } };
    expect(await codeOf(key)).toBe('chain-invalid');
  });
});

describe('a proof is fetched once for each key', () => {
  const proofs = (): number => at.registry.log.count(/^proof\//);
  it('and remembered by the pins', async () => {
    const pins = memoryPins();
    const recourse = at.connectAgain({ pins });
    await Promise.all([ask(recourse), ask(recourse)]);
    await ask(recourse);
    expect(proofs()).toBe(1);
    await key(trust.kid, recourse);
    await key(trust.kid, recourse);
    expect(proofs()).toBe(3);
    const later = at.connectAgain({ pins });
    await ask(later);
    await key(trust.kid, later);
    expect(proofs()).toBe(3);
  });

  it('waits a few seconds for a key that was only just added, and no longer', async () => {
    const { log } = at.registry;
    const entry = log.entries.find(
      (entry) => 'detail' in entry && entry.detail['kid'] === trust.kid,
    )!;
    unlog(({ kid }) => kid === trust.kid);
    const waits: number[] = [];
    const recourse = at.connectAgain({
      sleep: async (milliseconds) => {
        if (waits.push(milliseconds) === 3) log.announce(entry);
      },
    });
    expect((await key(trust.kid, recourse)).kid).toBe(trust.kid);
    expect(waits).toHaveLength(3);
    unlog(({ kid }) => kid === trust.kid);
    expect(await codeOf(() => key(trust.kid, at.connectAgain()))).toBe('not-logged');
    expect(at.waits.length).toBeLessThanOrEqual(10);
  });
});
