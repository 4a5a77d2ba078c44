import type { Version } from '../../context/published-sets.ts';
import {
  BlindError,
  mostEntries,
  prefixBits,
  PrefixSet,
  PrefixTally,
  type SetChanges,
  digestOf,
} from '@recourse/blind/prefixes';
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
import type { PrefixSetsTable } from '../../schema/prefixes.ts';
import { RegistryError } from '../../kernel/errors.ts';
import { soundly } from './changes.ts';
import { fold, unmasked, type CountedToken, type FoldResult } from './fold.ts';
import { addCounts, hasChanges, listedIn, replaceCounts, takeTurn } from './fold-store.ts';
import { mostPrefixBits } from '../../schema/figures.ts';
import { checksumOf } from './known-sets.ts';
import { isDue, isSnapshotDue } from './prefix-list.rules.ts';
import {
  dropOld,
  findSet,
  insertSnapshot,
  insertVersion,
  newestVersion,
  setTokens,
  sinceSnapshot,
} from './version-store.ts';

export interface PublisherOptions {
  readonly services: Pick<Services, 'db' | 'clock' | 'vault' | 'tokens' | 'sets' | 'ledger'>;
  /** Signs headers of sets, and nothing else */
  readonly signer: Signer;
  /** Told of records that cannot be counted */
  readonly onUnreadable: (error: RegistryError) => void;
}

export interface PublishResult {
  /** Versions that were published */
  readonly versions: number;
  /** True where more records wait */
  readonly more: boolean;
}

/** A set that is about to be the next version. */
interface NextSet {
  readonly set: PrefixSet;
  readonly tokens: number;
  /** Undefined where it was made anew */
  readonly changes: SetChanges | undefined;
}

/**
 * Publishes the prefix sets. Any number of servers may try; one at a time has the turn.
 *
 * A step folds what changed into counts, and publishes the next version of each set that it changed, with header and
 * ledger entry, in one commit: a crash before it leaves every mark, after it everything is published. A set whose stored
 * versions do not fit, or whose width has to change, is made anew from what is counted.
 */
export class PrefixPublisher {
  readonly #options: PublisherOptions;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** One step. Nothing is locked or written where nothing is due. */
  async step(): Promise<PublishResult> {
    const { db, clock, sets } = this.#options.services;
    const now = clock();
    const none = { versions: 0, more: false };
    if (!(await this.#isDue(db, now))) return none;
    const done = await retrying(() => db.transaction().execute((trx) => this.#publish(trx, now)));
    if (!done) return none;
    // Only what is committed is remembered.
    for (const { version, set } of done.published) sets.remember(version, set);
    this.#report(done.folded);
    return { versions: done.published.length, more: done.folded.more };
  }

  /**
   * True where anything is due: a set that was never published or grows old, or changes since the last version of any.
   */
  async #isDue(db: Db, now: Date): Promise<boolean> {
    const epochs = this.#options.services.tokens.epochs();
    const sets = await Promise.all(epochs.map(({ epoch }) => findSet(db, epoch)));
    const published = sets.flatMap((set) => set?.as_of ?? []);
    if (published.length < epochs.length) return true;
    if (published.some((asOf) => isDue(asOf, { now, changed: false }))) return true;
    const isRested = published.every((asOf) => isDue(asOf, { now, changed: true }));
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
    return { folded, published };
  }

  async #publishSet(trx: Db, publishing: { epoch: number; folded: FoldResult; now: Date }) {
    const { epoch, folded, now } = publishing;
    const stored = await findSet(trx, epoch);
    const known = stored && (await this.#known(trx, stored));
    // A set that is made for the first time, or again, is shown once it has everything.
    if (!known && folded.more) return undefined;
    const counted = folded.counted.filter((one) => one.epoch === epoch);
    const made = await this.#make(trx, { epoch, stored, known, counted });
    const changed = isChanged(made);
    if (stored && !changed && !isDue(stored.as_of, { now, changed })) {
      if (made.tokens !== stored.tokens) await setTokens(trx, { epoch, tokens: made.tokens });
      return undefined;
    }
    const version = await this.#write(trx, { epoch, made, after: stored?.version ?? 0, now });
    return { version, set: made.set };
  }

  /** The set as it was published last; undefined where its versions were thrown away, or do not fit. */
  async #known(trx: Db, { epoch, version }: PrefixSetsTable): Promise<PrefixSet | undefined> {
    const newest = await newestVersion(trx, epoch);
    return newest?.version === version ? this.#options.services.sets.load(trx, newest) : undefined;
  }

  async #make(
    trx: Db,
    making: {
      epoch: number;
      stored: PrefixSetsTable | undefined;
      known: PrefixSet | undefined;
      counted: readonly CountedToken[];
    },
  ): Promise<NextSet> {
    const { epoch, stored, known } = making;
    const tokens = making.counted.reduce((sum, { by }) => sum + by, stored?.tokens ?? 0);
    if (tokens > mostEntries) throw new BlindError('prefixes-too-many', `epoch ${epoch}`);
    const bits = stored && prefixBits(Math.max(0, tokens), stored.bits);
    if (!known || bits !== known.bits) return this.#makeAnew(trx, { epoch, bits: stored?.bits });
    const counts = new Map<number, number>();
    for (const { prefix, by } of making.counted) addTo(counts, { prefix, bits, by });
    const counted = await addCounts(trx, { epoch, counts });
    if (!counted) return this.#makeAnew(trx, { epoch, bits });
    const changes = {
      added: Uint32Array.from(counted.added).sort(),
      removed: Uint32Array.from(counted.removed).sort(),
    };
    const isSame = changes.added.length + changes.removed.length === 0;
    const set = isSame ? known : await soundly(() => known.with(changes));
    return set ? { set, tokens, changes } : this.#makeAnew(trx, { epoch, bits });
  }

  /** From everything that is counted, at the width for it. */
  async #makeAnew(trx: Db, making: { epoch: number; bits: number | undefined }): Promise<NextSet> {
    const { vault } = this.#options.services;
    const tally = new PrefixTally();
    for await (const rows of listedIn(trx, making.epoch)) {
      for (const row of rows) tally.add(unmasked(vault, row));
    }
    const bits = prefixBits(tally.size, making.bits);
    const sorted = await replaceCounts(trx, { epoch: making.epoch, tally, bits });
    return { set: PrefixSet.of(sorted, bits), tokens: tally.size, changes: undefined };
  }

  async #write(
    trx: Db,
    { epoch, made, now, after }: { epoch: number; made: NextSet; after: number; now: Date },
  ): Promise<Version> {
    const { set, tokens, changes } = made;
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
    await insertVersion(trx, { version, tokens, changes });
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

function addTo(
  counts: Map<number, number>,
  { prefix, bits, by }: { prefix: number; bits: number; by: number },
): void {
  const short = prefix >>> (mostPrefixBits - bits);
  counts.set(short, (counts.get(short) ?? 0) + by);
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
