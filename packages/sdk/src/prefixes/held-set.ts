import {
  equalBytes,
  freshSetSeconds,
  fromBase64url,
  openPrefixSet,
  parseCompact,
  type PrefixSetHeader,
  type Verifier,
} from '@recourse/protocol';
import { failAs, RecourseError } from '../errors.ts';
import type { RegistryTrust } from '../registry/registry-trust.ts';

/**
 * The part of a set that is needed once it was read: `PrefixSet`, without its package in the declarations of this one.
 */
export interface Prefixes {
  readonly bits: number;
  readonly size: number;
  has(token: Uint8Array): boolean;
  checksum(): Promise<Uint8Array>;
  encode(): Promise<Uint8Array>;
  apply(update: {
    readonly removals: Uint8Array;
    readonly additions: Uint8Array;
  }): Promise<Prefixes>;
}

/** A version of the prefix set of one epoch, as the registry signed it. */
export interface HeldSet {
  readonly set: Prefixes;
  readonly header: PrefixSetHeader;
  /** `recourse-set+jwt` */
  readonly compact: string;
}

export interface HeaderTrust {
  readonly registry: Pick<RegistryTrust, 'announced'>;
  /** The registry's time as far as it is known */
  readonly clock: () => Date;
  readonly verify?: Verifier | undefined;
}

/** A registry whose clock is ahead by more refuses our calls, and says so. */
const mostAheadSeconds = 130;
/** A set is as wide as one of 2^13 tokens at least. */
const leastBits = 20;
/** One unlisted identifier in 51 hits where the width is about to change; more would be no list, but a way to see everyone. */
const mostHits = 0.02;

/**
 * Opens the header of a set: signed by a key that the ledger key announced for sets, of the epoch that was asked for,
 * and not of the future, where it would stay fresh for as long as the registry likes.
 * @throws RecourseError `set-invalid`, `registry-key-invalid`
 */
export function openHeader(
  { registry, clock, verify }: HeaderTrust,
  header: { readonly compact: string; readonly epoch: number },
): Promise<PrefixSetHeader> {
  return failAs('set-invalid', async () => {
    const { kid } = parseCompact(header.compact);
    const { jwk } = await registry.announced('set', kid);
    const { payload } = await openPrefixSet(header.compact, { jwk, verify });
    const isOurs = payload.list === 'all' && payload.epoch === header.epoch;
    if (!isOurs || payload.asOf > clock().getTime() / 1000 + mostAheadSeconds) throw setInvalid();
    return payload;
  });
}

/**
 * That a set is the one that its header says. The registry could otherwise leave a record out for one platform, or
 * make every identifier hit and so be asked about everyone.
 * @throws RecourseError `set-invalid`
 */
export async function assertSigned(set: Prefixes, header: PrefixSetHeader): Promise<void> {
  const { bits, count, sha256 } = header;
  const isSame = set.bits === bits && set.size === count;
  if (!isSame || !equalBytes(await set.checksum(), fromBase64url(sha256))) throw setInvalid();
  if (bits < leastBits || count > mostHits * 2 ** bits) throw setInvalid();
}

/** A set that is older tells nothing: a record may be missing in it. */
export const isFresh = ({ header }: HeldSet, now: Date): boolean => freshUntil(header) > now;

export const freshUntil = ({ asOf }: PrefixSetHeader): Date =>
  new Date((asOf + freshSetSeconds) * 1000);

export const setInvalid = (): RecourseError => new RecourseError('set-invalid');
