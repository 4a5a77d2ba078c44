import {
  isJsonObject,
  partyKeysSchema,
  verifyKeyChain,
  type ChainedKey,
  type Json,
  type Verifier,
} from '@recourse/protocol';
import { failAs, RecourseError } from '../errors.ts';
import { pinned, type PinStore } from '../pins.ts';
import { Refreshed } from '../refreshed.ts';
import type { PublicDocuments } from './public-documents.ts';

export interface PartyDirectoryOptions {
  readonly origin: string;
  readonly documents: PublicDocuments;
  readonly pins: PinStore;
  readonly clock: () => Date;
  readonly verify?: Verifier | undefined;
}

type Chain = ReadonlyMap<string, ChainedKey>;

const freshSeconds = 600;
const maxParties = 4096;

/**
 * The keys of parties, each followed back to the enrolment key that was pinned when the party was first
 * met. A key that the operator planted is signed by no admin key of the party, and is refused.
 */
export class PartyDirectory {
  readonly #options: PartyDirectoryOptions;
  readonly #chains = new Map<string, Refreshed<Chain>>();
  readonly #names: Refreshed<ReadonlyMap<string, string>>;

  constructor(options: PartyDirectoryOptions) {
    this.#options = options;
    this.#names = new Refreshed({
      load: () => this.#loadNames(),
      clock: options.clock,
      freshSeconds,
    });
  }

  /**
   * A key of a party; read `anew` where it matters that it was not revoked meanwhile.
   * @throws RecourseError `chain-invalid` when the party has no such key
   */
  async key(party: string, kid: string, options: { anew?: boolean } = {}): Promise<ChainedKey> {
    const chain = this.#chain(party);
    const key = (await chain.get(options)).get(kid) ?? (await chain.get({ anew: true })).get(kid);
    if (!key) throw new RecourseError('chain-invalid');
    return key;
  }

  /** The published name of a party; its id where the directory has none. */
  async name(party: string): Promise<string> {
    const known = (await this.#names.get()).get(party);
    return known ?? (await this.#names.get({ anew: true })).get(party) ?? party;
  }

  #chain(party: string): Refreshed<Chain> {
    const kept = this.#chains.get(party);
    if (kept) return kept;
    if (this.#chains.size >= maxParties) this.#chains.clear();
    const chain = new Refreshed<Chain>({
      load: () => this.#loadChain(party),
      clock: this.#options.clock,
      freshSeconds,
    });
    this.#chains.set(party, chain);
    return chain;
  }

  async #loadChain(party: string): Promise<Chain> {
    const { origin, documents, pins, verify } = this.#options;
    const json = await documents.get(`/parties/${encodeURIComponent(party)}/keys`);
    return failAs('chain-invalid', async () => {
      const published = partyKeysSchema.parse(json);
      const chain = await verifyKeyChain(published, {
        audience: origin,
        party,
        ...(verify ? { verify } : {}),
      });
      const same = await pinned(pins, `enrolment:${party}`, published.enrolmentKid);
      if (!same) throw new RecourseError('chain-invalid');
      return chain;
    });
  }

  async #loadNames(): Promise<ReadonlyMap<string, string>> {
    const json = await this.#options.documents.get('/parties');
    const parties = isJsonObject(json) ? json['parties'] : undefined;
    if (!Array.isArray(parties)) throw new RecourseError('answer-invalid');
    return new Map(parties.map(readName));
  }
}

function readName(json: Json): [string, string] {
  if (!isJsonObject(json)) throw new RecourseError('answer-invalid');
  const { id, name } = json;
  if (typeof id !== 'string' || typeof name !== 'string') throw new RecourseError('answer-invalid');
  return [id, name];
}
