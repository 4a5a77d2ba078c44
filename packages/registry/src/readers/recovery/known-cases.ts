import { disclosurePair, sanctionRef } from '@recourse/protocol';
import type { Vault } from '../../vault/vault.ts';
import type { Db } from '../../kernel/database.ts';
import { allParties } from '../../parties/store.ts';
import { casesAfter } from '../../log/recovery-store.ts';
import type { Tail } from './tail.ts';

/** The cases of the database, by what their salts open in the tail. */
export interface KnownCases {
  /** Sanction of a `ref` */
  readonly refs: ReadonlyMap<string, string>;
  readonly pairs: ReadonlyMap<string, { readonly sanction: string; readonly party: string }>;
}

const page = 1_000;

/**
 * Finds who is meant by the refs and pairs of the tail: every sanction, and every platform that was told of it or could
 * be told since, is hashed with the salts of its case. Takes a hash for each sanction and for each platform that was
 * told, and as many as there are live sanctions times platforms. An index would need rows that the copy does not have:
 * whom the tail told first stands nowhere else.
 */
export async function findKnownCases(
  { db, vault }: { db: Db; vault: Vault },
  tail: Pick<Tail, 'refs' | 'pairs' | 'platforms'>,
): Promise<KnownCases> {
  const refs = new Map<string, string>();
  const pairs = new Map<string, { sanction: string; party: string }>();
  const parties = [...(await platformsOf(db, tail))];
  for (let after = ''; ;) {
    const cases = await casesAfter(db, { after, limit: page });
    for (const row of cases) {
      const { sanction } = row;
      const key = vault.openCase(row);
      const ref = sanctionRef(key.salt('ref'), sanction);
      if (tail.refs.has(ref)) refs.set(ref, sanction);
      if (tail.pairs.size === 0) continue;
      // Whoever was not told before a record ended never is.
      for (const party of row.ended ? row.told : parties) {
        const pair = disclosurePair(key.salt(`pair:${party}`), { sanction, party });
        if (tail.pairs.has(pair)) pairs.set(pair, { sanction, party });
      }
    }
    if (cases.length < page) return { refs, pairs };
    after = cases.at(-1)!.sanction;
  }
}

async function platformsOf(
  db: Db,
  { pairs, platforms }: Pick<Tail, 'pairs' | 'platforms'>,
): Promise<Set<string>> {
  if (pairs.size === 0) return new Set();
  const known = (await allParties(db)).filter(({ kind }) => kind === 'platform');
  return new Set([...known.map(({ id }) => id), ...platforms]);
}
