import { jcs, timestamp, type Entry, type Json } from '@recourse/protocol';
import { z } from 'zod';
import { insertRotation } from '../../tokens/store.ts';
import type { Applying } from './applying.ts';

const announced = z.object({
  epoch: z.int().min(2),
  publicKey: z.string(),
  opensAt: timestamp,
  beforeClosesAt: timestamp,
});

/**
 * A key of tokens is announced as it was, and closes the epoch before as it did. The tokens that records were given
 * since the copy are in no entry: their platforms give them once more, or they end with their epoch.
 */
export async function applyEpoch(
  { db, counts }: Applying,
  detail: Readonly<Record<string, Json>>,
  { at, entry }: { at: Date; entry: Entry },
): Promise<void> {
  const { data } = announced.safeParse(detail);
  if (!data) return;
  const isNew = await insertRotation(db, {
    epoch: data.epoch,
    public_key: data.publicKey,
    announced_at: at,
    opens_at: new Date(data.opensAt),
    before_closes_at: new Date(data.beforeClosesAt),
    entry: jcs(entry),
  });
  if (isNew) counts.parties++;
}
