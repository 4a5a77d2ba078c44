import type { Id, IdentifierKind, VerifiedReceipt } from '@recourse/protocol';

/** What an identifier is to the registry, under one epoch. */
export interface IdentifierToken {
  /** Index of the identifier in the request */
  readonly identifier: number;
  readonly kind: IdentifierKind;
  readonly epoch: number;
  /** 32 bytes as base64url */
  readonly token: string;
}

/** What one evaluation came to. */
export interface Tokens {
  readonly check: Id<'chk'>;
  readonly tokens: readonly IdentifierToken[];
  readonly receipt: VerifiedReceipt;
}
