import type { Id, IdentifierKind, VerifiedReceipt } from '@recourse/protocol';

/** The token of an identifier under one epoch: all that the registry sees of it. */
export interface IdentifierToken {
  /** Index of the identifier in the request */
  readonly identifier: number;
  readonly kind: IdentifierKind;
  readonly epoch: number;
  /** 32 bytes as base64url */
  readonly token: string;
}

/** The result of one evaluation. */
export interface Tokens {
  readonly check: Id<'chk'>;
  readonly tokens: readonly IdentifierToken[];
  readonly receipt: VerifiedReceipt;
}
