import {
  keyedHash,
  jcs,
  utf8,
  type Id,
  type IdentifierKind,
  type VerifiedReceipt,
} from '@recourse/protocol';

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

/** As long as an answer of the registry holds. */
const heldSeconds = 600;

/**
 * Evaluations that hit nothing, so that a form that is sent twice is one call. Under a keyed hash of the whole question:
 * the same identifiers, purpose and proof. Bounded in number and time; the oldest is forgotten first.
 */
export class RecentChecks {
  readonly #key = crypto.getRandomValues(new Uint8Array(32));
  readonly #clock: () => Date;
  readonly #limit: number;
  readonly #kept = new Map<string, { readonly tokens: Tokens; readonly at: number }>();

  constructor(clock: () => Date, limit = 10_000) {
    this.#clock = clock;
    this.#limit = limit;
  }

  /** Name that a question is kept under. */
  nameOf(question: unknown): string {
    return keyedHash(this.#key, utf8(jcs(question)));
  }

  find(name: string): Tokens | undefined {
    const recent = this.#kept.get(name);
    const isRecent = recent && Math.abs(this.#clock().getTime() - recent.at) < heldSeconds * 1000;
    return isRecent ? recent.tokens : undefined;
  }

  keep(name: string, tokens: Tokens): void {
    this.#kept.delete(name);
    this.#kept.set(name, { tokens, at: this.#clock().getTime() });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > this.#limit && oldest !== undefined) this.#kept.delete(oldest);
  }
}
