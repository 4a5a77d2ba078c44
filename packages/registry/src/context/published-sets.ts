import type { PrefixDelta, PrefixSet, SetChanges } from '@recourse/blind/prefixes';
import type { Db } from '../kernel/database.ts';
import type { PrefixVersionsTable } from '../schema/prefixes.ts';

/** The sets that members hold, as the registry knows them. */
export interface PublishedSets {
  /** The share of identifiers that hit although nobody recorded them, `count / 2^bits`. Null while none is published */
  falseHitShare(db: Db): Promise<number | null>;
  /** True where the set of an epoch holds the prefix of a token */
  holds(token: { readonly epoch: number; readonly token: string }): boolean;
}

/** A version of a set as it was published. */
export type Version = Omit<PrefixVersionsTable, 'added' | 'removed'>;

/** Prefix sets and deltas as a server has made or read them: nothing decides by them. */
export interface SetCache {
  /** The set of a version; undefined where what is stored does not have its checksum. */
  load(db: Db, version: Version): Promise<PrefixSet | undefined>;
  /** Only what is committed is remembered. */
  remember(version: Pick<Version, 'epoch' | 'version'>, set: PrefixSet): void;
  /** The delta that leads from a version, by what changed since, to `to`. */
  delta(
    from: number,
    to: { readonly version: Version; readonly set: PrefixSet; readonly changes: SetChanges },
  ): Promise<PrefixDelta | undefined>;
}
