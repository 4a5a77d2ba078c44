import {
  generateKey,
  hashText,
  keyAddedDetail,
  newId,
  signCompact,
  signerFromJwk,
  toNumericDate,
  type Entry,
  type Json,
  type PublicEntryType,
  type Signer,
} from '@recourse/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { KeyRules } from './key-rules.ts';

const origin = 'https://registry.example';
const holder = 'hld_01hzy3v7q8e9k4m5n6p7r8s9t0';
const party = 'operator';
const call = hashText('the signed call');

let rules: KeyRules;
let key: Signer;

const entry = (type: PublicEntryType, detail: Record<string, Json>): Entry => ({
  v: 1,
  type,
  at: '2026-03-01T12:00:00Z',
  detail,
});

beforeEach(async () => {
  key = await signerFromJwk(await generateKey());
  rules = new KeyRules({ origin, logJwk: key.publicJwk });
  const statement = await signCompact(key, 'recourse-enrol+jwt', {
    aud: origin,
    role: 'operator',
    admin: true,
    use: 'sig',
    jwk: key.publicJwk,
    iat: toNumericDate(new Date('2026-03-01T12:00:00Z')),
    invite: hashText('code'),
  });
  const { kid } = key;
  const added = { party, kid, holder, role: 'operator', admin: true, position: 0 } as const;
  const detail = keyAddedDetail({ ...added, statement });
  await rules.apply(entry('key-added', detail));
});

describe('a revocation', () => {
  const revoke = (change: Record<string, Json> = {}) => {
    const { kid } = key;
    return rules.apply(
      entry('key-revoked', { party, kid, holder, why: 'retired', call, ...change }),
    );
  };

  it('names the signed call that caused it', async () => {
    expect(await revoke({ call: null })).toEqual(['revocation-invalid']);
    expect(await revoke({ call: 'x' })).toEqual(['revocation-invalid']);
    expect(await revoke()).toEqual([]);
  });

  it('is of a key, a party and a holder that belong together', async () => {
    expect(await revoke({ kid: hashText('another') })).toEqual(['revocation-invalid']);
    expect(await revoke({ party: 'panel' })).toEqual(['revocation-invalid']);
    expect(await revoke({ holder: holder.replace('t0', 't1') })).toEqual(['revocation-invalid']);
  });

  it('is of a key once, unless it turns out to have been stolen', async () => {
    const stolen = { why: 'compromised', since: '2026-03-01T11:00:00Z' };
    expect(await revoke()).toEqual([]);
    expect(await revoke()).toEqual(['revocation-invalid']);
    expect(await revoke(stolen)).toEqual([]);
    expect(await revoke(stolen)).toEqual(['revocation-invalid']);
  });
});

describe('new first keys of a platform', () => {
  const platform = newId('plt', { now: new Date(0), random: (size) => new Uint8Array(size) });
  const [at, effectiveAt] = ['2026-03-02T12:00:00Z', '2026-03-09T12:00:00.000Z'];
  const second = holder.replace('t0', 't1');
  let first: Signer;
  let next: Signer;

  const rooted = async (by: Signer, root: { at: string; holder: string; code: string }) => {
    const statement = await signCompact(by, 'recourse-enrol+jwt', {
      aud: origin,
      role: 'trust',
      admin: true,
      use: 'sig',
      jwk: by.publicJwk,
      iat: toNumericDate(new Date(root.at)),
      invite: hashText(root.code),
    });
    const position = by === first ? 0 : 1;
    const whose = { party: platform, kid: by.kid, holder: root.holder, position };
    const detail = keyAddedDetail({ ...whose, role: 'trust', admin: true, statement });
    return rules.apply({ ...entry('key-added', detail), at: root.at });
  };
  const announce = (change: Record<string, Json> = {}) =>
    rules.apply({
      ...entry('party-reenrol-announced', {
        party: platform,
        holder: second,
        invite: hashText('new code'),
        effectiveAt,
        call,
        ...change,
      }),
      at,
    });
  const retire = () =>
    rules.apply(
      entry('key-revoked', { party: platform, kid: first.kid, holder, why: 'retired', call }),
    );
  const begin = (when = '2026-03-09T12:00:00Z') =>
    rooted(next, { at: when, holder: second, code: 'new code' });

  beforeEach(async () => {
    [first, next] = [
      await signerFromJwk(await generateKey()),
      await signerFromJwk(await generateKey()),
    ];
    await rules.apply(
      entry('party-registered', {
        party: platform,
        registration: { name: 'Harbour', group: 'harbour' },
      }),
    );
    await rooted(first, { at: '2026-03-01T12:00:00Z', holder, code: 'code' });
  });

  it('follow an announcement, seven days, and the end of those before', async () => {
    expect(await announce()).toEqual([]);
    expect(await retire()).toEqual([]);
    expect(await begin()).toEqual([]);
    expect(new KeyRules({ origin, logJwk: key.publicJwk }, rules.state).counts.keys).toBe(3);
  });

  it('are planted where nothing announced them, too early, beside others, or once stopped', async () => {
    await retire();
    expect(await begin()).toEqual(['key-not-chained']);
    await announce();
    expect(await begin('2026-03-09T11:59:59Z')).toEqual(['key-not-chained']);
    const stopped = { party: platform, invite: hashText('new code'), by: holder, call };
    expect(await rules.apply(entry('party-reenrol-stopped', stopped))).toEqual([]);
    expect(await begin()).toEqual(['key-not-chained']);
  });

  it('are refused while a key of before is live', async () => {
    await announce();
    expect(await begin()).toEqual(['key-not-chained']);
  });

  it('are of platforms alone: the operator does not begin anew', async () => {
    expect(await announce({ party: 'operator' })).toEqual(['entry-invalid']);
  });
});
