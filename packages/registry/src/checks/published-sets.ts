import type { Db } from '../database.ts';

/** What the registry knows of the sets that members hold. */
export interface PublishedSets {
  /** Of identifiers that nobody recorded: how many hit all the same, `count / 2^bits`. Null while none is published */
  falseHitShare(db: Db): Promise<number | null>;
  /** Whether the set of an epoch holds the prefix of a token */
  holds(token: { readonly epoch: number; readonly token: string }): boolean;
}

/** Nothing is published: everything is asked about, and nobody can look without asking. */
export const noSets: PublishedSets = {
  falseHitShare: () => Promise.resolve(null),
  holds: () => true,
};
