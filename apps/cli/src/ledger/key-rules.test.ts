import {
  generateKey,
  hashText,
  keyAddedDetail,
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
