import type { SetCache, Version } from '../../context/published-sets.ts';
import { PrefixSet, type PrefixDelta, type SetChanges } from '@recourse/blind/prefixes';
import { createHash } from 'node:crypto';
import { equalBytes } from '@recourse/protocol';
import type { Db } from '../../kernel/database.ts';
import { netChanges, soundly } from './changes.ts';
import { changesBetween, findSnapshot } from './version-store.ts';

interface KnownSet {
  readonly version: number;
  readonly set: PrefixSet;
}

/** Deltas that are asked for again: members come at the same pace from the same few versions. */
const mostDeltas = 32;

/**
 * The sets as this process has them, with the deltas that it made: nothing decides by them, a version that is stored
 * has its checksum. Read anew from the newest snapshot where nothing is known.
 */
export class KnownSets implements SetCache {
  readonly #sets = new Map<number, KnownSet>();
  readonly #deltas = new Map<string, Promise<PrefixDelta | undefined>>();
  readonly #loading = new Map<string, Promise<PrefixSet | undefined>>();

  /**
   * The set of a version; undefined where what is stored does not have its checksum. Whoever asks for one that is being
   * loaded waits for it.
   */
  load(db: Db, version: Version): Promise<PrefixSet | undefined> {
    const name = `${version.epoch} ${version.version}`;
    const loading =
      this.#loading.get(name) ?? this.#load(db, version).finally(() => this.#loading.delete(name));
    this.#loading.set(name, loading);
    return loading;
  }

  async #load(db: Db, version: Version): Promise<PrefixSet | undefined> {
    const known = this.#sets.get(version.epoch);
    if (known?.version === version.version) return known.set;
    const set = (known && (await forward(db, known, version))) ?? (await fromSnapshot(db, version));
    if (set) this.remember(version, set);
    return set;
  }

  /** Only what is committed is remembered. */
  remember({ epoch, version }: Pick<Version, 'epoch' | 'version'>, set: PrefixSet): void {
    const known = this.#sets.get(epoch);
    if (!known || known.version < version) this.#sets.set(epoch, { version, set });
  }

  /** The delta that leads from a version, by what changed since, to `to`. */
  delta(
    from: number,
    to: { readonly version: Version; readonly set: PrefixSet; readonly changes: SetChanges },
  ): Promise<PrefixDelta | undefined> {
    const name = `${to.version.epoch} ${from} ${to.version.version}`;
    const known = this.#deltas.get(name);
    if (known) return known;
    const delta = soundly(() => to.set.deltaBy(to.changes));
    const [oldest] = this.#deltas.keys();
    if (oldest !== undefined && this.#deltas.size >= mostDeltas) this.#deltas.delete(oldest);
    this.#deltas.set(name, delta);
    // One that could not be made is tried again: what is stored may be righted.
    const forget = (): void => void this.#deltas.delete(name);
    delta.then((made) => made ?? forget(), forget);
    return delta;
  }
}

async function fromSnapshot(db: Db, to: Version): Promise<PrefixSet | undefined> {
  const snapshot = await findSnapshot(db, { epoch: to.epoch, upTo: to.version });
  const set = snapshot && (await soundly(() => PrefixSet.decode(snapshot.bytes)));
  return set && forward(db, { version: snapshot.version, set }, to);
}

/** Undefined where a version between them was made anew, or the set does not come out. */
async function forward(
  db: Db,
  { version: from, set }: KnownSet,
  { epoch, version: to, checksum }: Version,
): Promise<PrefixSet | undefined> {
  const changes = from > to ? undefined : await changesBetween(db, { epoch, from, to });
  const after = changes && (await soundly(() => set.with(netChanges(changes))));
  return after && equalBytes(await checksumOf(after), checksum) ? after : undefined;
}

export const checksumOf = (set: PrefixSet): Promise<Uint8Array> =>
  set.checksum(createHash('sha256'));
