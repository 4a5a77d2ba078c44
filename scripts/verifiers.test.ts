import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = globSync('{packages,apps}/*/src/**/*.{ts,tsx}', { cwd: root }).filter(
  (file) => !file.includes('.test.'),
);
const holding = (pattern: RegExp): string[] =>
  sources.filter((file) => pattern.test(readFileSync(`${root}/${file}`, 'utf8'))).toSorted();

/** What verifies signatures with jose, WebCrypto, node:crypto or noble */
const primitives =
  /subtle\.verify\(|compactVerify\(|flattenedVerify\(|generalVerify\(|jwtVerify\(|createVerify\(|recoverPublicKey\(|^ +verify,\n[^;]*\} from 'node:crypto'|\b(?:ed25519|p256|secp256k1)\.verify\(/m;

test('signatures are verified in these places alone', () => {
  expect(holding(primitives)).toEqual([
    'packages/ledger/src/ed25519.ts',
    'packages/protocol/src/jws.ts',
    'packages/registry/src/cases/wallet-proof.ts',
    'packages/registry/src/kernel/node-crypto.ts',
  ]);
});

test('and each is asked only after the rule on the form of a signature', () => {
  expect(holding(/\bsignatureFault\(/)).toEqual([
    'packages/ledger/src/signature-rule.ts',
    'packages/ledger/src/verify-note.ts',
    'packages/protocol/src/jws.ts',
    'packages/registry/src/cases/wallet-proof.ts',
  ]);
  // The verifiers themselves are called by what asks the rule first; the bench only measures one.
  expect(holding(/\b(?:verifyEd25519|joseVerifier|nodeVerifier)\(/)).toEqual([
    'apps/bench/src/signup-parts.ts',
  ]);
});
