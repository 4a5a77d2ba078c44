import type { PrefixSet } from '@recourse/blind/prefixes';
import { fromBase64url } from '@recourse/protocol';
import type { PublishedSets } from '../../context/published-sets.ts';
import type { TokenService } from '../../context/context.ts';
import type { Db } from '../../kernel/database.ts';
import type { KnownSets } from './known-sets.ts';
import { minWaitSeconds } from './prefix-list.rules.ts';
import { newestVersion } from './version-store.ts';

/**
 * A set of fewer prefixes than half of the least that its width is made for has so few false hits that windows say
 * nothing about who asks: as if none were published.
 */
const leastShare = 1 / 256;

interface LookingOptions {
  readonly known: KnownSets;
  readonly tokens: Pick<TokenService, 'epochs'>;
  readonly clock: () => Date;
}

/**
 * The sets that members hold, as this server last looked at them: as often as members do. A token whose set it does not
 * know counts as in it.
 */
export class PublishedSetFilter implements PublishedSets {
  readonly #of: LookingOptions;
  #sets: ReadonlyMap<number, PrefixSet> = new Map();
  #lookedAt = -Infinity;

  constructor(options: LookingOptions) {
    this.#of = options;
  }

  /** Returns the larger share where identifiers are asked under two epochs: what is expected is never too much. */
  async falseHitShare(db: Db): Promise<number | null> {
    const now = this.#of.clock().getTime();
    if (Math.abs(now - this.#lookedAt) >= 1_000 * minWaitSeconds) {
      this.#lookedAt = now;
      this.#sets = await this.#look(db);
    }
    const shares = [...this.#sets.values()].map(({ size, bits }) => size / 2 ** bits);
    const share = Math.max(0, ...shares);
    return share < leastShare ? null : share;
  }

  holds({ epoch, token }: { readonly epoch: number; readonly token: string }): boolean {
    return this.#sets.get(epoch)?.has(fromBase64url(token)) ?? true;
  }

  async #look(db: Db): Promise<ReadonlyMap<number, PrefixSet>> {
    const sets = new Map<number, PrefixSet>();
    for (const { epoch } of this.#of.tokens.epochs()) {
      const version = await newestVersion(db, epoch);
      const set = version && (await this.#of.known.load(db, version));
      if (set) sets.set(epoch, set);
    }
    return sets;
  }
}
