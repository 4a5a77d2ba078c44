import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { fromBase64url, toBase64url, utf8 } from './bytes.ts';
import { prefixedHash } from './hash.ts';

/** H("recourse/evidence/1" || salt || bytes) over bytes too many to hold: feed them, then take the digest. */
export class EvidenceCommitment {
  readonly #hash = sha256.create();

  constructor(salt: string) {
    this.#hash.update(utf8('recourse/evidence/1')).update(fromBase64url(salt));
  }

  update(chunk: Uint8Array): this {
    this.#hash.update(chunk);
    return this;
  }

  digest(): string {
    return toBase64url(this.#hash.digest());
  }
}

/** SHA-256 over bytes too many to hold, in hex as `sha256sum` prints it: for the platform's own journal, never sent. */
export class FileHash {
  readonly #hash = sha256.create();

  update(chunk: Uint8Array): this {
    this.#hash.update(chunk);
    return this;
  }

  digest(): string {
    return bytesToHex(this.#hash.digest());
  }
}

/**
 * Commits to the account of facts. Salted, because the statement is disclosed to other platforms and an
 * account written from a template could otherwise be guessed.
 */
export const accountCommitment = (account: { text: string; salt: string }): string =>
  prefixedHash('recourse/account/1', fromBase64url(account.salt), utf8(account.text));

/** Commits a decision to its reasons. Salted: told platforms read the decision, the reasons are for creator and submitter. */
export const reasonsCommitment = (reasons: Reasons & { salt: string }): string =>
  prefixedHash('recourse/reasons/1', fromBase64url(reasons.salt), utf8(wholeReasons(reasons)));

/** The cases that a vote strikes, by the salt of its reasons: votes are published, and ids of cases are not. */
export const strikesCommitment = (cases: readonly string[], salt: string): string =>
  prefixedHash('recourse/strikes/1', fromBase64url(salt), utf8([...cases].toSorted().join(' ')));

/** The reasons of a decision. */
export interface Reasons {
  readonly text: string;
  /** The words that tie this creator to the evidence, or say that nothing does */
  readonly tie?: string | undefined;
}

/** The reasons as creator and submitter read them: first `tie`, the words that tie the creator to the evidence. */
export const wholeReasons = ({ text, tie }: Reasons): string =>
  tie === undefined ? text : `${tie}\n\n${text}`;

/** The hash of a key in the entry of a claim. It differs in each case, since one key may serve several. */
export const claimKeyHash = ({ appeal, kid }: { appeal: string; kid: string }): string =>
  prefixedHash('recourse/claim-key/1', utf8(`${appeal} ${kid}`));

/** H of a secret that opens a case (notice code, claim key, ticket secret): all that the registry stores of it. */
export const caseKey = (code: string): string => prefixedHash('recourse/case/1', utf8(code));

/** H of a one-time invite code: all that the registry stores of it. */
export const inviteKey = (code: string): string => prefixedHash('recourse/invite/1', utf8(code));
