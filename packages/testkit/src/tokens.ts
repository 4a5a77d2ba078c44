import { Problem } from '@recourse/protocol';
import type { TokenService } from '@recourse/registry';

/** An epoch without an OPRF behind it, for tests in which nothing is evaluated. */
export function testTokens(): TokenService {
  return {
    epochs: () => [
      { epoch: 1, publicKey: Buffer.alloc(32, 1).toString('base64url'), opensAt: new Date(0) },
    ],
    holds: () => false,
    evaluate: () => Promise.reject(new Problem('unknown-epoch')),
  };
}
