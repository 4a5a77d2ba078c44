import { addDays } from '@recourse/protocol/review';
import type { Db } from '../kernel/database.ts';
import { countSubmissions, dailySubmissions, type Bucket } from './bucket-store.ts';
import { bucketDays, bucketFloor, bucketLimit } from './intake.rules.ts';

interface Counted {
  readonly party: string;
  readonly now: Date;
  /** Records of the last 24 h, counted to the floor at least */
  readonly spent: number;
}

/** The bucket of a platform for which operators set none: its median is read only where the floor would not do. */
export async function countedBucket(db: Db, { party, now, spent }: Counted): Promise<Bucket> {
  if (spent < bucketFloor) return { limit: bucketFloor, spent };
  const counts = await dailySubmissions(db, { party, since: addDays(now, -bucketDays) });
  const limit = Math.ceil(bucketLimit(counts));
  const since = addDays(now, -1);
  return { limit, spent: await countSubmissions(db, { party, since, most: limit }) };
}
