import { evaluateToken } from '@recourse/blind/server';
import { tokenInput } from '@recourse/blind';
import { prefixOf, PrefixSet } from '@recourse/blind/prefixes';
import {
  hashBytes,
  parseCompact,
  prefixSetEntry,
  signCompact,
  toBase64url,
  toNumericDate,
  type Entry,
  type OpInput,
  type OpOutput,
  type PrefixSetHeader,
  type Signer,
} from '@recourse/protocol';

const bits = 20;

interface PublishedSet {
  readonly set: PrefixSet;
  readonly compact: string;
  readonly payload: PrefixSetHeader;
}

/** The prefix sets of a registry in the process: signed, logged, from version to version. */
export class FakeSets {
  signer: Signer;
  /** What it says in a header beside what is true */
  says: Partial<PrefixSetHeader> = {};
  /** Whether its headers are in the log */
  isLogging = true;
  /** Changes an answer before it is signed */
  tamper: (answer: OpOutput<'prefixes.sync'>) => OpOutput<'prefixes.sync'> = (answer) => answer;
  minWaitSeconds = 0;
  readonly snapshots = new Map<string, Uint8Array>();
  readonly #versions = new Map<number, PublishedSet[]>();
  readonly #of: { readonly log: (entry: Entry) => void; readonly clock: () => Date };

  constructor(signer: Signer, registry: { log: (entry: Entry) => void; clock: () => Date }) {
    this.signer = signer;
    this.#of = registry;
  }

  /** Publishes the next version of an epoch: in it is what has these tokens. */
  async publish(tokens: readonly Uint8Array[], epoch = 1): Promise<PublishedSet> {
    const prefixes = new Set(tokens.map((token) => prefixOf(token, bits)));
    return this.publishSet(PrefixSet.of(Uint32Array.from(prefixes).sort(), bits), epoch);
  }

  async publishSet(set: PrefixSet, epoch = 1): Promise<PublishedSet> {
    const versions = this.#versions.get(epoch) ?? [];
    const payload: PrefixSetHeader = {
      list: 'all',
      epoch,
      version: versions.length + 1,
      bits: set.bits,
      count: set.size,
      sha256: toBase64url(await set.checksum()),
      asOf: toNumericDate(this.#of.clock()),
      ...this.says,
    };
    const compact = await signCompact(this.signer, 'recourse-set+jwt', payload);
    if (this.isLogging) this.#of.log(prefixSetEntry({ jws: parseCompact(compact), payload }));
    const published = { set, compact, payload };
    this.#versions.set(epoch, [...versions, published]);
    return published;
  }

  /** What `prefixes.sync` answers. */
  async sync({ epoch, version }: OpInput<'prefixes.sync'>): Promise<OpOutput<'prefixes.sync'>> {
    if (!this.#versions.has(epoch)) await this.publish([], epoch);
    const versions = this.#versions.get(epoch) ?? [];
    const newest = versions.at(-1)!;
    const common = { set: newest.compact, minWaitSeconds: this.minWaitSeconds };
    const from = versions.find(({ payload }) => payload.version === version);
    const answer = from
      ? { ...common, ...(await partial(from, newest)) }
      : await this.#full(common, newest);
    return this.tamper(answer);
  }

  async #full(common: { set: string; minWaitSeconds: number }, { set }: PublishedSet) {
    const snapshot = await set.encode();
    const sha256 = hashBytes(snapshot);
    const url = `/prefixes/${sha256}`;
    this.snapshots.set(url, snapshot);
    return {
      ...common,
      partial: false as const,
      snapshot: { url, sha256, bytes: snapshot.length },
    };
  }
}

async function partial(from: PublishedSet, newest: PublishedSet) {
  if (from === newest) return { partial: true as const };
  const [before, after] = [from.set, newest.set].map((set) => new Set(set.values()));
  const { removals, additions } = await newest.set.deltaBy({
    added: Uint32Array.from(after!.difference(before!)),
    removed: Uint32Array.from(before!.difference(after!)),
  });
  return {
    partial: true as const,
    removals: toBase64url(removals),
    additions: toBase64url(additions),
  };
}

/** The token of an address, as the registry that has the key makes it. */
export const tokenOf = (secret: Uint8Array, email: string): Uint8Array =>
  evaluateToken(secret, tokenInput('email', email));
