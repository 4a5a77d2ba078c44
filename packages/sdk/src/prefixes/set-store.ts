import { PrefixSet } from '@recourse/blind/prefixes';
import { failAs, isRecourseError } from '../errors.ts';
import { assertSigned, openHeader, type HeaderTrust, type HeldSet } from './held-set.ts';

/** A set as it is kept. */
export interface KeptSet {
  /** `recourse-set+jwt` */
  readonly header: string;

  /** The whole set, encoded */
  readonly snapshot: Uint8Array;
}

/** Keeps the prefix set of each epoch, so that a start loads only the changes. It holds nothing secret. */
export interface SetStore {
  /** The set of an epoch, undefined if there is none */
  load(epoch: number): Promise<KeptSet | undefined>;
  /** Resolves when the set is durable */
  save(epoch: number, stored: KeptSet): Promise<void>;
}

/** Loads a set from the store; undefined for one that is not, or no longer, as the registry signed it. */
export async function loadSet(
  store: SetStore,
  wanted: { readonly epoch: number; readonly trust: HeaderTrust },
): Promise<HeldSet | undefined> {
  const stored = await store.load(wanted.epoch);
  if (!stored) return undefined;
  try {
    const compact = stored.header;
    const header = await openHeader(wanted.trust, { compact, epoch: wanted.epoch });
    return await failAs('set-invalid', async () => {
      const set = await PrefixSet.decode(stored.snapshot);
      await assertSigned(set, header);
      return { set, header, compact };
    });
  } catch (error) {
    if (isFalse(error)) return undefined;
    throw error;
  }
}

const isFalse = (error: unknown): boolean =>
  isRecourseError(error, 'set-invalid') || isRecourseError(error, 'registry-key-invalid');

/** The bytes have a buffer of their own: a store may keep all of it. */
export const keptOf = async ({ set, compact }: HeldSet): Promise<KeptSet> => ({
  header: compact,
  snapshot: (await set.encode()).slice(),
});
