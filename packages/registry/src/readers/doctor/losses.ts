import { leafHash, merkleRoot } from '@recourse/ledger';
import { jcs, toBase64url, utf8 } from '@recourse/protocol';
import type { Db } from '../../kernel/database.ts';
import { readLosses, restoredEntries } from '../../log/recovery-store.ts';
import type { Difference, FoundDifference } from '../entries/difference.ts';

/**
 * Losses that a recovery could not bring back from the log, by one hash a difference. A recovery names it once, and
 * commits to it in its entry `restored`: whoever adds to the table afterwards hides nothing.
 */
export class KnownLosses {
  readonly #losses: ReadonlySet<string>;
  /** Faults of the table itself: it is not what a recovery logged */
  readonly faults: readonly Difference[];

  private constructor(losses: ReadonlySet<string>, faults: readonly Difference[]) {
    this.#losses = losses;
    this.faults = faults;
  }

  static async read(db: Db): Promise<KnownLosses> {
    const rows = await readLosses(db);
    const first = rows[0];
    if (!first) return new KnownLosses(new Set(), []);
    const restored = (await restoredEntries(db, first.from)).map(restoredIn);
    const losses = new Set<string>();
    const faults: Difference[] = [];
    for (const [from, group] of Map.groupBy(rows, (row) => row.from)) {
      const root = rootOfLosses(group.map(({ loss }) => loss));
      const isLogged = restored.some((entry) => entry.from === from && entry.losses === root);
      if (isLogged) for (const { loss } of group) losses.add(loss);
      else faults.push({ code: 'losses-differ', table: 'ledger_losses', id: String(from) });
    }
    return new KnownLosses(losses, faults);
  }

  get size(): number {
    return this.#losses.size;
  }

  has(found: FoundDifference): boolean {
    return this.#losses.size > 0 && this.#losses.has(lossOf(found));
  }
}

/**
 * One difference as it is remembered, in hex. It has a hash of what row or entry say: a row that is changed once more
 * differs anew.
 */
export const lossOf = ({ code, table, id, index, what, says }: FoundDifference): string => {
  const parts = [code, table, id, index, what, says].map((part) => part ?? null);
  return Buffer.from(leafHash(utf8(jcs(parts)))).toString('hex');
};

/** Makes the root that `restored` commits to. @param losses in ascending order */
export const rootOfLosses = (losses: readonly string[]): string =>
  toBase64url(merkleRoot(losses.map((loss) => Buffer.from(loss, 'hex'))));

/**
 * True for what can be lost: a row or an opening that the log has, and a row as it was in the old copy. Nothing of the
 * log itself.
 */
export const mayBeLost = ({ code }: Difference): boolean =>
  code === 'entry-without-row' || code === 'row-not-logged' || code === 'opening-missing';

function restoredIn(entry: string): { from?: unknown; losses?: unknown } {
  try {
    const { detail } = JSON.parse(entry) as { detail?: { from?: unknown; losses?: unknown } };
    return detail ?? {};
  } catch {
    // No server wrote it: the log pass says so.
    return {};
  }
}
