import { digestOf, PrefixSet } from '@recourse/blind/prefixes';
import {
  entryLeafHash,
  fromBase64url,
  parseCompact,
  prefixSetEntry,
  toBase64url,
  type OpOutput,
} from '@recourse/protocol';
import { failAs, isRecourseError, RecourseError } from '../errors.ts';
import type { EntryProver } from '../registry/logged-entries.ts';
import type { PublicDocuments } from '../registry/public-documents.ts';
import type { Transport } from '../transport/transport.ts';
import {
  assertSigned,
  openHeader,
  setInvalid,
  type HeaderTrust,
  type HeldSet,
  type Prefixes,
} from './held-set.ts';

/** Where sets come from, and what shows that they are the registry's. */
export interface SetSource extends HeaderTrust {
  readonly transport: Pick<Transport, 'send'>;
  readonly documents: Pick<PublicDocuments, 'file'>;
  readonly ledger: EntryProver;
}

export interface RenewedSet {
  readonly held: HeldSet;
  readonly minWaitSeconds: number;
}

interface Renewal {
  readonly epoch: number;
  readonly held: HeldSet | undefined;
}

/** A full set may be some versions old, and needs its update; more rounds are a registry that never arrives. */
const mostRounds = 3;
/** Seconds to wait for the entry of a version that was only just published. */
const within = 10;

/**
 * Brings a set to its newest version: signed, of the announced checksum, never an older one, and in the ledger, so that
 * every member is given the same. An update that does not fit is dropped and repaired by a full set.
 * @throws RecourseError `set-invalid`, `registry-key-invalid`, `not-logged`, and what a call throws
 */
export async function renewSet(source: SetSource, renewal: Renewal): Promise<RenewedSet> {
  const { held } = renewal;
  const renewed = await fetchOrRepair(source, renewal);
  const { header, compact } = renewed.held;
  if (held && compact === held.compact) return { ...renewed, held };
  // What ended since would be listed again, and what was recorded since would be missing.
  if (held && header.version <= held.header.version) throw setInvalid();
  const entry = prefixSetEntry({ jws: parseCompact(compact), payload: header });
  await source.ledger.prove(entryLeafHash(entry), { within });
  return renewed;
}

async function fetchOrRepair(source: SetSource, renewal: Renewal): Promise<RenewedSet> {
  try {
    return await fetchNewest(source, renewal);
  } catch (error) {
    if (renewal.held === undefined || !isRecourseError(error, 'set-invalid')) throw error;
    return fetchNewest(source, { ...renewal, held: undefined });
  }
}

async function fetchNewest(source: SetSource, { epoch, held }: Renewal): Promise<RenewedSet> {
  let base = held;
  for (let round = 1; round <= mostRounds; round++) {
    const { result } = await source.transport.send('prefixes.sync', {
      list: 'all',
      epoch,
      ...(base ? { version: base.header.version } : {}),
    });
    base = await failAs('set-invalid', async () => {
      const header = await openHeader(source, { compact: result.set, epoch });
      const set = await setIn(source, result, base);
      await assertSigned(set, header);
      return { set, header, compact: result.set };
    });
    if (result.partial) return { held: base, minWaitSeconds: result.minWaitSeconds };
  }
  throw setInvalid();
}

async function setIn(
  source: SetSource,
  answer: OpOutput<'prefixes.sync'>,
  base: HeldSet | undefined,
): Promise<Prefixes> {
  if (!answer.partial) return loadSnapshot(source, answer.snapshot);
  if (!base) throw setInvalid();
  const { removals, additions } = answer;
  if (removals === undefined && additions === undefined) return base.set;
  if (removals === undefined || additions === undefined) throw setInvalid();
  return base.set.apply({
    removals: fromBase64url(removals),
    additions: fromBase64url(additions),
  });
}

async function loadSnapshot(
  { documents }: SetSource,
  { url, sha256, bytes }: Extract<OpOutput<'prefixes.sync'>, { partial: false }>['snapshot'],
): Promise<Prefixes> {
  const snapshot = await documents.file({ path: url, mostBytes: bytes });
  // Another version took its place meanwhile.
  if (snapshot === undefined) throw new RecourseError('unavailable');
  if (toBase64url(await digestOf(snapshot)) !== sha256) throw setInvalid();
  return PrefixSet.decode(snapshot);
}
