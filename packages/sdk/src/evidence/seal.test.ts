import {
  concatBytes,
  fromBase64url,
  generalJweSchema,
  thumbprint,
  utf8,
  type SealingKey,
} from '@recourse/protocol';
import { GeneralEncrypt, importJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { saltOf } from '../../tests/fake-appeal.ts';
import { newSealingKey, seal, unseal } from './seal.ts';
import type { PrivateSealingKey } from '../session/sealing-keys.ts';

const item = { bytes: utf8('payer,amount'), salt: saltOf('x') };
const publicOf = ({ kty, crv, x, y }: PrivateSealingKey): SealingKey => ({ kty, crv, x, y });

describe('a sealed item', () => {
  it('opens with each key it was sealed to, and with no other', async () => {
    const keys = [await newSealingKey(), await newSealingKey()];
    const jwe = await seal(item, keys.map(publicOf));
    expect(jwe.recipients.map(({ header }) => header.kid)).toEqual(
      keys.map((key) => thumbprint(publicOf(key))),
    );
    for (const key of keys) {
      const opened = await unseal(jwe, key);
      expect(typeof opened === 'object' && Buffer.from(opened.bytes).toString()).toBe(
        'payer,amount',
      );
    }
    expect(await unseal(jwe, await newSealingKey())).toBe('not-sealed-to-own-key');
  });

  it('does not open where another key stands under its name', async () => {
    const [key, other] = [await newSealingKey(), await newSealingKey()];
    const jwe = await seal(item, [publicOf(other)]);
    const kid = thumbprint(publicOf(key));
    const recipients = jwe.recipients.map((recipient) => ({
      ...recipient,
      header: { ...recipient.header, kid },
    }));
    expect(await unseal({ ...jwe, recipients }, key)).toBe('undecipherable');
  });

  it('is never unpacked: a few bytes could become more than anybody can hold', async () => {
    const key = await newSealingKey();
    const alg = 'ECDH-ES+A256KW';
    const plain = concatBytes(fromBase64url(item.salt), item.bytes);
    const jwe = new GeneralEncrypt(plain).setProtectedHeader({ enc: 'A256GCM', zip: 'DEF' });
    for (const to of [publicOf(key), publicOf(await newSealingKey())]) {
      jwe
        .addRecipient(await importJWK({ ...to }, alg))
        .setUnprotectedHeader({ alg, kid: thumbprint(to) });
    }
    expect(await unseal(generalJweSchema.parse(await jwe.encrypt()), key)).toBe('undecipherable');
  });

  it('is too short to hold a salt, or holds none', async () => {
    const key = await newSealingKey();
    const jwe = await seal({ bytes: new Uint8Array(), salt: 'AAAA' }, [publicOf(key)]);
    expect(await unseal(jwe, key)).toBe('undecipherable');
  });
});
