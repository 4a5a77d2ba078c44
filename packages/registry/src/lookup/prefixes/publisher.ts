import type { Version } from '../../context/published-sets.ts';
import { digestOf, prefixBits, type PrefixSet } from '@recourse/blind/prefixes';
import { createHash } from 'node:crypto';
import {
  fromNumericDate,
  jcs,
  peekArtefact,
  prefixSetEntry,
  prefixSetSchema,
  signCompact,
  toBase64url,
  toNumericDate,
  type PrefixSetHeader,
  type Signer,
} from '@recourse/protocol';
import { noCaller } from '../../commit/commit-changes.ts';
import { assertReached } from '../../commit/extent-store.ts';
import { insertPending } from '../../commit/store.ts';
import { retrying } from '../../kernel/retry.ts';
import type { Services } from '../../context/context.ts';
import type { Db } from '../../kernel/database.ts';
import { RegistryError } from '../../kernel/errors.ts';
import { soundly } from './changes.ts';
import { fold, type CountedToken, type FoldResult } from './fold.ts';
import { hasChanges, takeTurn } from './fold-store.ts';
import {
  addCounts,
  findBuilding,
  generations,
  insertBuilding,
  type Building,
} from './generation-store.ts';
import { checksumOf } from './known-sets.ts';
import { isDue, isSnapshotDue, widthToMake } from './prefix-list.rules.ts';
import { addTo, assertSize, Rebuilds, type NextSet } from './rebuilds.ts';
import {
  dropOld,
  findSet,
  insertSnapshot,
  insertVersion,
  newestVersion,
  setTokens,
  sinceSnapshot,
  type StoredSet,
} from './version-store.ts';

export interface PublisherOptions {
  readonly services: Pick<Services, 'db' | 'clock' | 'vault' | 'tokens' | 'sets' | 'ledger'>;
  /** Signs headers of sets, and nothing else */
  readonly signer: Signer;
  /** Told of records that cannot be counted */
  readonly onUnreadable: (error: RegistryError) => void;
  /** Tokens that are counted in one transaction while a set is made anew */
  readonly atOnce?: number | undefined;
}

export interface PublishResult {
  /** Versions that were published */
  readonly versions: number;
  /** True where more records wait */
  readonly more: boolean;
}

/**
 * Publishes the prefix sets. Any number of servers may try; one at a time has the turn.
 *
 * A step folds what changed into counts, and publishes the next version of each set that it changed, with header and
 * ledger entry, in one commit: a crash before it leaves every mark, after it everything is published. A set whose stored
 * versions do not fit, or whose width has to change, is made anew from what is counted ({@link Rebuilds}).
 */
export class PrefixPublisher {
  readonly #options: PublisherOptions;
  readonly #rebuilds: Rebuilds;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#rebuilds = new Rebuilds(options.services, options.atOnce);
  }

  /** One step. Nothing is locked or written where nothing is due. */
  async step(): Promise<PublishResult> {
    const { db, clock, sets } = this.#options.services;
    const now = clock();
    const isBuilding = await this.#rebuilds.step();
    await this.#rebuilds.prepare();
    const none = { versions: 0, more: isBuilding };
    if (!(await this.#isDue(db, now))) return none;
    const done = await retrying(() => db.transaction().execute((trx) => this.#publish(trx, now)));
    if (!done) return none;
    // Only what is committed is remembered.
    for (const { version, set } of done.published) sets.remember(version, set);
    this.#report(done.folded);
    return { versions: done.published.length, more: done.folded.more || done.isBuilding };
  }

  /**
   * True where anything is due: a set that was never published, grows old or is made anew, or changes since the last
   * version of any. One that is being made is not due before.
   */
  async #isDue(db: Db, now: Date): Promise<boolean> {
    const epochs = this.#options.services.tokens.epochs();
    const making = (await generations(db)).filter((one) => one.dropped_to === null);
    const sets = await Promise.all(epochs.map(({ epoch }) => findSet(db, epoch)));
    const published = sets.flatMap((set) => (set && set.generation !== null ? [set] : []));
    const isOpen = epochs.some(({ epoch }) => {
      const made = making.find((one) => one.epoch === epoch);
      return made ? made.sanction === null : !published.some((set) => set.epoch === epoch);
    });
    if (isOpen) return true;
    if (published.some(({ as_of }) => isDue(as_of, { now, changed: false }))) return true;
    const isRested = published.every(({ as_of }) => isDue(as_of, { now, changed: true }));
    return isRested && (await hasChanges(db, now));
  }

  async #publish(trx: Db, now: Date) {
    if (!(await takeTurn(trx))) return undefined;
    await assertReached(trx, this.#options.services.ledger, noCaller);
    // Looked at again: another server may have published since.
    if (!(await this.#isDue(trx, now))) return undefined;
    const folded = await fold(trx, { vault: this.#options.services.vault, now });
    const published: { version: Version; set: PrefixSet }[] = [];
    for (const { epoch } of this.#options.services.tokens.epochs()) {
      const one = await this.#publishSet(trx, { epoch, folded, now });
      if (one) published.push(one);
    }
    return { folded, published, isBuilding: (await generations(trx)).length > 0 };
  }

  async #publishSet(trx: Db, publishing: { epoch: number; folded: FoldResult; now: Date }) {
    const { epoch, folded, now } = publishing;
    const stored = await findSet(trx, epoch);
    const counted = folded.counted.filter((one) => one.epoch === epoch);
    const made = await this.#make(trx, { epoch, stored, counted, more: folded.more });
    if (!made) return undefined;
    const changed = isChanged(made);
    if (stored && !changed && !isDue(stored.as_of, { now, changed })) {
      if (made.tokens !== stored.tokens) await setTokens(trx, { epoch, tokens: made.tokens });
      return undefined;
    }
    const version = await this.#write(trx, { epoch, made, after: stored?.version ?? 0, now });
    return { version, set: made.set };
  }

  /** Undefined where a set has to be made anew first. */
  async #make(
    trx: Db,
    making: {
      epoch: number;
      stored: StoredSet | undefined;
      counted: readonly CountedToken[];
      more: boolean;
    },
  ): Promise<NextSet | undefined> {
    const { epoch, stored, counted, more } = making;
    const followed = await this.#rebuilds.follow(trx, { epoch, counted });
    const made = followed && !more && (await this.#rebuilds.finish(trx, followed, stored));
    if (made) return made;
    const building = await findBuilding(trx, epoch);
    const known = stored && (await this.#known(trx, stored));
    if (known) return this.#leadOn(trx, { stored, known, counted, building });
    // A set that is made for the first time, or again, is shown once it has everything.
    if (more) return undefined;
    return building
      ? stored && this.#rebuilds.giveUp(trx, stored)
      : this.#rebuilds.make(trx, { epoch, stored });
  }

  /**
   * The set as it was published last; undefined where it was given up, its versions were thrown away, or they do not fit.
   */
  async #known(trx: Db, set: StoredSet): Promise<PrefixSet | undefined> {
    if (set.generation === null) return undefined;
    const newest = await newestVersion(trx, set.epoch);
    return newest?.version === set.version
      ? this.#options.services.sets.load(trx, newest)
      : undefined;
  }

  /** The published set after what came and went, or one of another width. */
  async #leadOn(trx: Db, leading: Leading): Promise<NextSet | undefined> {
    const { stored, known, counted, building } = leading;
    const { epoch } = stored;
    const tokens = counted.reduce((sum, { by }) => sum + by, stored.tokens);
    assertSize(epoch, tokens);
    const bits = prefixBits(Math.max(0, tokens), stored.bits);
    const isLarge = building !== undefined || (await this.#rebuilds.isLarge(trx, tokens));
    if (!isLarge) {
      const set = bits === known.bits && (await this.#after(trx, leading));
      return set || this.#rebuilds.makeAtOnce(trx, { epoch, stored, bits });
    }
    // One with more bits than so few tokens may have is published no more.
    const set = bits >= known.bits ? await this.#after(trx, leading) : undefined;
    const toMake = set ? widthToMake(tokens, stored.bits) : bits;
    if (!building && !(set && toMake === known.bits)) {
      await insertBuilding(trx, { epoch, bits: toMake });
    }
    return set ?? this.#rebuilds.giveUp(trx, stored);
  }

  /** Undefined where what is stored does not fit. */
  async #after(trx: Db, { stored, known, counted }: Leading): Promise<NextSet | undefined> {
    const { epoch, generation } = stored;
    const { bits } = known;
    const counts = new Map<number, number>();
    for (const { prefix, by } of counted) addTo(counts, { prefix, bits, by });
    const changes = await addCounts(trx, { epoch, generation: generation ?? 0, counts });
    const isSame = changes && changes.added.length + changes.removed.length === 0;
    const set = isSame ? known : changes && (await soundly(() => known.with(changes)));
    const tokens = counted.reduce((sum, { by }) => sum + by, stored.tokens);
    return set && { set, tokens, generation: generation ?? 0, changes };
  }

  async #write(
    trx: Db,
    { epoch, made, now, after }: { epoch: number; made: NextSet; after: number; now: Date },
  ): Promise<Version> {
    const { set, tokens, changes, generation } = made;
    const asOf = toNumericDate(now);
    const checksum = await checksumOf(set);
    const payload: PrefixSetHeader = {
      list: 'all',
      epoch,
      version: after + 1,
      bits: set.bits,
      count: set.size,
      sha256: toBase64url(checksum),
      asOf,
    };
    const header = await signCompact(this.#options.signer, 'recourse-set+jwt', payload);
    const version = {
      epoch,
      version: payload.version,
      bits: set.bits,
      size: set.size,
      checksum,
      header,
      as_of: fromNumericDate(asOf),
    };
    await insertVersion(trx, { version, tokens, changes, generation });
    const opened = peekArtefact(header, { typ: 'recourse-set+jwt', schema: prefixSetSchema });
    await insertPending(trx, [jcs(prefixSetEntry(opened))], now);
    await keepSnapshot(trx, { version, made, now });
    return version;
  }

  #report({ unreadable }: FoldResult): void {
    for (const sanction of unreadable) {
      this.#options.onUnreadable(new RegistryError('vault-sealed', `tokens of ${sanction}`));
    }
  }
}

const isChanged = ({ changes }: NextSet): boolean =>
  changes === undefined || changes.added.length + changes.removed.length > 0;

interface Leading {
  readonly stored: StoredSet;
  readonly known: PrefixSet;
  readonly counted: readonly CountedToken[];
  /** Counts that are made beside it */
  readonly building: Building | undefined;
}

async function keepSnapshot(
  trx: Db,
  { version, made, now }: { version: Version; made: NextSet; now: Date },
): Promise<void> {
  const { epoch } = version;
  const since = made.changes && (await sinceSnapshot(trx, epoch));
  if (since && !isSnapshotDue(since, { size: made.set.size, now })) return;
  const bytes = await made.set.encode();
  const sha256 = await digestOf(bytes, createHash('sha256'));
  const snapshot = { epoch, version: version.version, sha256, bytes, at: now };
  await insertSnapshot(trx, snapshot);
  await dropOld(trx, { epoch, now });
}
