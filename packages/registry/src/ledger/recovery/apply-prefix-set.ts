import type { Json } from '@recourse/protocol';
import { z } from 'zod';
import { raiseVersion } from '../../prefixes/version-store.ts';
import type { Applying } from './applying.ts';

const published = z.object({ epoch: z.int().min(1), version: z.int().min(1) });

/** Members hold this version: the next one of the set, which is made anew, comes after it. */
export async function applyPrefixSet(
  { db }: Applying,
  detail: Readonly<Record<string, Json>>,
): Promise<void> {
  const { data } = published.safeParse(detail);
  if (data) await raiseVersion(db, data);
}
