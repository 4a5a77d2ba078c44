import { withLowS } from '@recourse/ledger';
import { describe, expect, test } from 'vitest';
import {
  codeOf,
  nodeSigner,
  nodeVerifier,
  privateKey,
  signRaw,
  reversed,
} from '../tests/fixtures.ts';
import { fromBase64url, toBase64url, utf8 } from './bytes.ts';
import { publicPart, thumbprint, type Alg, type PrivateJwk } from './jwk.ts';
import {
  artefactTypes,
  assertType,
  generateKey,
  webVerifier,
  parseCompact,
  payloadOf,
  signCompact,
  signerFromCryptoKey,
  signerFromJwk,
  verifySignature,
  type CompactJws,
} from './jws.ts';

const rfc8037: PrivateJwk = {
  kty: 'OKP',
  crv: 'Ed25519',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
};
const rfc8037Input = 'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc';
const rfc8037Signature =
  'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg';
const rfc7515: PrivateJwk = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  d: 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI',
};
const rfc7515Jws =
  'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q';

const typ = 'recourse-call+jwt';
const edSigner = nodeSigner(privateKey(1));
const ecSigner = nodeSigner(privateKey(1, 'ES256'));
const headerOf = (members: Record<string, unknown>) =>
  JSON.stringify({ alg: 'Ed25519', typ, kid: edSigner.kid, ...members });

describe('published vectors', () => {
  test('RFC 8037, appendix A.4: the Ed25519 signature', async () => {
    for (const signer of [await signerFromJwk(rfc8037), nodeSigner(rfc8037)]) {
      expect(toBase64url(await signer.sign(utf8(rfc8037Input)))).toBe(rfc8037Signature);
    }
  });

  test('RFC 7515, appendix A.3: the ES256 signature, which has a high s, and its twin', async () => {
    const [header = '', payload = '', signature = ''] = rfc7515Jws.split('.');
    const jws: CompactJws = {
      compact: rfc7515Jws,
      alg: 'ES256',
      typ: '',
      kid: thumbprint(rfc7515),
      payload: fromBase64url(payload),
      signature: fromBase64url(signature),
      signingInput: utf8(`${header}.${payload}`),
    };
    const lowSignature = withLowS('ES256', jws.signature);
    const low: CompactJws = {
      ...jws,
      compact: `${header}.${payload}.${toBase64url(lowSignature)}`,
      signature: lowSignature,
    };
    for (const verifier of [webVerifier, nodeVerifier]) {
      const verified = (jws: CompactJws) => () =>
        verifySignature(jws, publicPart(rfc7515), verifier);
      expect(await verifier(jws, publicPart(rfc7515))).toBe(true);
      expect(await codeOf(verified(jws))).toBe('signature-high-s');
      expect(await codeOf(verified(low))).toBe('nothing thrown');
    }
  });

  test('as artefacts of the protocol both are refused: no typ, no kid', async () => {
    for (const compact of [`${rfc8037Input}.${rfc8037Signature}`, rfc7515Jws]) {
      expect(await codeOf(() => parseCompact(compact))).toBe('header-invalid');
    }
  });
});

describe.each<Alg>(['Ed25519', 'ES256'])('signing with %s', (alg) => {
  test('WebCrypto and node:crypto verify each other', async () => {
    const jwk = privateKey(2, alg);
    for (const signer of [await signerFromJwk(jwk), nodeSigner(jwk)]) {
      const jws = parseCompact(await signCompact(signer, typ, { b: 1, a: [true] }));
      await verifySignature(jws, publicPart(jwk), webVerifier);
      await verifySignature(jws, publicPart(jwk), nodeVerifier);
      expect(payloadOf(jws)).toEqual({ a: [true], b: 1 });
      expect(jws).toMatchObject({ alg, typ, kid: thumbprint(jwk) });
    }
  });

  test('the header is exactly alg, kid and typ', async () => {
    const signer = await signerFromJwk(privateKey(2, alg));
    const [header = ''] = (await signCompact(signer, typ, {})).split('.');
    expect(Buffer.from(header, 'base64url').toString()).toBe(
      `{"alg":"${alg}","kid":"${signer.kid}","typ":"${typ}"}`,
    );
  });

  test('a generated key signs, and differs each time', async () => {
    const jwk = await generateKey(alg);
    expect((await generateKey(alg)).d).not.toBe(jwk.d);
    const jws = parseCompact(await signCompact(await signerFromJwk(jwk), typ, {}));
    await verifySignature(jws, publicPart(jwk));
  });

  test('a signer needs no extractable key', async () => {
    const params =
      alg === 'Ed25519' ? { name: alg } : ({ name: 'ECDSA', namedCurve: 'P-256' } as const);
    const { d, ...jwk } = privateKey(2, alg);
    const key = await crypto.subtle.importKey('jwk', { ...jwk, d }, params, false, ['sign']);
    const jws = parseCompact(await signCompact(signerFromCryptoKey(key, jwk), typ, {}));
    await verifySignature(jws, jwk, nodeVerifier);
    await expect(crypto.subtle.exportKey('jwk', key)).rejects.toThrow();
  });
});

describe('canonical compact form', () => {
  test.each<[string, (compact: string) => string]>([
    ['a fourth part', (c) => `${c}.`],
    ['two parts', (c) => c.slice(0, c.lastIndexOf('.'))],
    ['a leading dot', (c) => `.${c}`],
    ['no header', (c) => c.slice(c.indexOf('.'))],
    ['no signature', (c) => c.slice(0, c.lastIndexOf('.') + 1)],
    ['no payload', (c) => c.replace(/\.[^.]*\./, '..')],
    ['a JSON serialisation', (c) => JSON.stringify(c.split('.'))],
    ['nothing', () => ''],
  ])('refused: %s', async (_, change) => {
    const compact = await signCompact(edSigner, typ, { a: 1 });
    expect(await codeOf(() => parseCompact(change(compact)))).toBe('jws-malformed');
  });

  test.each<[string, (compact: string) => string]>([
    ['padding', (c) => `${c}==`],
    ['white space around', (c) => ` ${c}`],
    ['a line end', (c) => `${c}\n`],
    ['the alphabet of base64', (c) => c.replaceAll('-', '+').replaceAll('_', '/')],
  ])('refused: %s', async (_, change) => {
    let compact = '';
    for (let n = 0; !/-|_/.test(compact); n++) compact = await signCompact(edSigner, typ, { n });
    expect(await codeOf(() => parseCompact(change(compact)))).toBe('base64url-invalid');
  });

  test('the last character of each part has one spelling', async () => {
    const compact = await signCompact(edSigner, typ, { a: 10 });
    for (const part of compact.split('.')) {
      if (part.length % 4 === 0) continue;
      const malleated =
        part.slice(0, -1) + String.fromCodePoint((part.codePointAt(part.length - 1) ?? 0) + 1);
      expect([...Buffer.from(malleated, 'base64url')]).toEqual([...Buffer.from(part, 'base64url')]);
      expect(await codeOf(() => parseCompact(compact.replace(part, malleated)))).toBe(
        'base64url-invalid',
      );
    }
  });

  test.each([0, 32, 63, 65, 72])('a signature of %i bytes is refused', async (length) => {
    const compact = await signCompact(edSigner, typ, {});
    const other =
      compact.slice(0, compact.lastIndexOf('.') + 1) + toBase64url(new Uint8Array(length));
    expect(await codeOf(() => parseCompact(other))).toBe('jws-malformed');
  });
});

describe('the header has exactly alg, typ and kid', () => {
  const { kid, publicJwk } = edSigner;
  test.each<[string, string]>([
    ['jwk', headerOf({ jwk: publicJwk })],
    ['jku', headerOf({ jku: 'https://evil.example/keys' })],
    ['x5c', headerOf({ x5c: ['MIIB'] })],
    ['x5u', headerOf({ x5u: 'https://evil.example/cert' })],
    ['crit', headerOf({ crit: ['exp'], exp: 1 })],
    ['an empty crit', headerOf({ crit: [] })],
    ['b64', headerOf({ b64: false, crit: ['b64'] })],
    ['b64 true', headerOf({ b64: true })],
    ['cty', headerOf({ cty: 'JWT' })],
    ['a null member', headerOf({ x: null })],
    ['no typ', headerOf({ typ: undefined })],
    ['no kid', headerOf({ kid: undefined })],
    ['no alg', headerOf({ alg: undefined })],
    ['one member named after all', '{"alg,kid,typ":1}'],
    ['alg none', headerOf({ alg: 'none' })],
    ['alg None', headerOf({ alg: 'None' })],
    ['HS256', headerOf({ alg: 'HS256' })],
    ['HS512', headerOf({ alg: 'HS512' })],
    ['RS256', headerOf({ alg: 'RS256' })],
    ['PS256', headerOf({ alg: 'PS256' })],
    ['ES384', headerOf({ alg: 'ES384' })],
    ['EdDSA, the older name', headerOf({ alg: 'EdDSA' })],
    ['lower case', headerOf({ alg: 'ed25519' })],
    ['alg as an array', headerOf({ alg: ['Ed25519'] })],
    ['typ as an array', headerOf({ typ: [typ] })],
    ['kid as a number', headerOf({ kid: 1 })],
    ['an array', `["Ed25519","${typ}","${kid}"]`],
    ['a string', '"alg,kid,typ"'],
    ['null', 'null'],
  ])('refused: %s', async (_, header) => {
    const compact = await signRaw(edSigner, header, '{}');
    expect(await codeOf(() => parseCompact(compact))).toBe('header-invalid');
  });

  test.each<[string, string]>([
    ['alg twice', `{"alg":"none","alg":"Ed25519","typ":"${typ}","kid":"${kid}"}`],
    [
      'alg twice, once escaped',
      `{"alg":"Ed25519","\\u0061lg":"none","typ":"${typ}","kid":"${kid}"}`,
    ],
    ['__proto__', `{"alg":"Ed25519","typ":"${typ}","kid":"${kid}","__proto__":{}}`],
    ['a byte order mark', `\ufeff${headerOf({})}`],
    ['a tail', `${headerOf({})} {}`],
  ])('refused as JSON: %s', async (_, header) => {
    const compact = await signRaw(edSigner, header, '{}');
    expect(await codeOf(() => parseCompact(compact))).toBe('json-invalid');
  });
});

describe('the key decides', () => {
  const never = () => {
    throw new Error('must not be asked');
  };

  test('the algorithm: an ES256 header for an Ed25519 key is refused, and the other way', async () => {
    for (const [signer, alg] of [
      [edSigner, 'ES256'],
      [ecSigner, 'Ed25519'],
    ] as const) {
      const jws = parseCompact(
        await signRaw(signer, JSON.stringify({ alg, typ, kid: signer.kid }), '{}'),
      );
      expect(await codeOf(() => verifySignature(jws, signer.publicJwk, never))).toBe(
        'alg-mismatch',
      );
    }
  });

  test('its name: a header that names another key is refused though the signature is good', async () => {
    const header = headerOf({ kid: thumbprint(privateKey(9)) });
    const jws = parseCompact(await signRaw(edSigner, header, '{}'));
    expect(await codeOf(() => verifySignature(jws, edSigner.publicJwk, never))).toBe(
      'kid-mismatch',
    );
  });

  test.each([
    ['WebCrypto', webVerifier],
    ['node:crypto', nodeVerifier],
  ])('the signature: that of another artefact is refused by %s', async (_, verifier) => {
    for (const signer of [edSigner, ecSigner]) {
      const one = await signCompact(signer, typ, { a: 1 });
      const two = await signCompact(signer, typ, { a: 2 });
      const mixed = one.slice(0, one.lastIndexOf('.')) + two.slice(two.lastIndexOf('.'));
      const verify = () => verifySignature(parseCompact(mixed), signer.publicJwk, verifier);
      expect(await codeOf(verify)).toBe('signature-invalid');
    }
  });

  test('S + L is not a second signature (RFC 8032, section 5.1.7)', async () => {
    const compact = await signCompact(edSigner, typ, {});
    const jws = parseCompact(compact);
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const s = reversed(Buffer.from(jws.signature.slice(32)).toString('hex'));
    const larger = (BigInt(`0x${s}`) + order).toString(16).padStart(64, '0');
    const signature = Buffer.concat([
      jws.signature.slice(0, 32),
      Buffer.from(reversed(larger), 'hex'),
    ]);
    const other = parseCompact(
      compact.slice(0, compact.lastIndexOf('.') + 1) + toBase64url(signature),
    );
    for (const verifier of [webVerifier, nodeVerifier]) {
      expect(await codeOf(() => verifySignature(other, edSigner.publicJwk, verifier))).toBe(
        'signature-invalid',
      );
    }
  });
});

test('assertType accepts one type', async () => {
  const jws = parseCompact(await signCompact(edSigner, typ, {}));
  for (const type of artefactTypes) {
    expect(await codeOf(() => assertType(jws, type))).toBe(
      type === typ ? 'nothing thrown' : 'typ-mismatch',
    );
  }
});
