import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { withLowS } from '../src/index.ts';
import { publishedSignatures } from './published-signatures.ts';

const examples = fileURLToPath(new URL('../../../docs/examples', import.meta.url));
const hasPython = spawnSync('python3', ['--version']).status === 0;

/** Runs Python beside the examples; what it prints is JSON. */
function python(script: string, input: unknown): unknown {
  const { stdout, stderr } = spawnSync('python3', ['-B', '-c', script], {
    cwd: examples,
    input: JSON.stringify(input),
    encoding: 'utf8',
  });
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout);
}

const verdicts = (verify: string) => `
import json, sys
from ${verify} as verify
def holds(case):
    try:
        verify(*(bytes.fromhex(case[name]) for name in ("key", "message", "signature")))
        return True
    except Exception as error:
        if type(error).__name__ not in ("ValueError", "Unverified"): raise
        return False
print(json.dumps([holds(case) for case in json.load(sys.stdin)]))`;

/** By the owner of the key (32 bytes of 0x01): R is the neutral point and S = k * secret. */
const key = '8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c';
const neutral = {
  message: Buffer.from(
    'registry.example/ledger\n2\nO1joJF006Ka33cc7rokGUnLn/OUsC7X0KrzD9sKBG6o=\n',
  ).toString('hex'),
  signature:
    '010000000000000000000000000000000000000000000000000000000000000006dc1c93d407c04d309cf99b249f3eef0c416dce976ae20069aa736a38c1e402',
};

describe.skipIf(!hasPython)('the clients in another language have the same rule', () => {
  const cases = [...publishedSignatures, { ...neutral, key, holds: false }];

  test.each(['call_recourse import verify', 'verify_ledger import check_ed25519'])(
    'Ed25519: from %s',
    (verify) => {
      expect(python(verdicts(verify), cases)).toEqual(cases.map(({ holds }) => holds));
    },
  );

  test('ES256: a statement with a high s is refused, its twin is not', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = publicKey.export({ format: 'jwk' });
    const script = `
import json, sys
from verify_ledger import *
given = json.load(sys.stdin)
jwk = dict(sorted(given["jwk"].items()))
kid, said = thumbprint(jwk), {"aud": "https://registry.example"}
header = {"alg": "ES256", "kid": kid, "typ": "recourse-key+jwt"}
body = {"aud": said["aud"], "iat": 1, "jwk": jwk}
signed = ".".join(to_base64url(canonical(part)) for part in (header, body))
def holds(signature):
    detail = {"kid": kid, "statement": signed + "." + to_base64url(bytes.fromhex(signature))}
    try:
        return bool(check_statement(detail, "recourse-key+jwt", {kid: jwk}, said))
    except ValueError:
        return False
print(json.dumps([holds(signature) for signature in given["signatures"]]))`;
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
    const low = Buffer.from(
      withLowS(
        'ES256',
        sign('sha256', Buffer.of(1), { key: privateKey, dsaEncoding: 'ieee-p1363' }),
      ),
    ).toString('hex');
    const other = (number: bigint) => low.slice(0, 64) + number.toString(16).padStart(64, '0');
    const s = BigInt(`0x${low.slice(64)}`);
    const signatures = [
      low,
      other(order - s),
      other(0n),
      other(order),
      '00'.repeat(32) + low.slice(64),
    ];
    expect(python(script, { jwk, signatures })).toEqual([true, false, false, false, false]);
  });
});
