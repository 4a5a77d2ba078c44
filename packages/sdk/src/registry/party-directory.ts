import {
  isJsonObject,
  jcs,
  keyAddedDetail,
  detailOf,
  partyKeysSchema,
  registrationSchema,
  verifyKeyChain,
  type ChainedKey,
  type Entry,
  type Json,
  type KeyLink,
  type PartyKeys,
  type Registration,
  type Verifier,
} from '@recourse/protocol';
import { failAs, RecourseError } from '../errors.ts';
import { pinned, type PinStore } from '../pins.ts';
import { Refreshed } from '../refreshed.ts';
import type { LoggedEntries } from './logged-entries.ts';
import type { PublicDocuments } from './public-documents.ts';

export interface PartyDirectoryOptions {
  readonly origin: string;
  readonly documents: PublicDocuments;
  readonly pins: PinStore;
  readonly logged: LoggedEntries;
  readonly clock: () => Date;
  readonly verify?: Verifier | undefined;
}

interface Chain {
  readonly keys: ReadonlyMap<string, ChainedKey>;
  /** Entries of the ledger about each key, by kid: that it was added, and that it was revoked */
  readonly entries: ReadonlyMap<string, readonly Entry[]>;
}

const freshSeconds = 600;
const maxParties = 4096;

/**
 * The keys of parties, each followed back to the enrolment key that was pinned when the party was first
 * met. A key that the operator planted is signed by no admin key of the party, and is refused. So is one that is not
 * in the ledger, for which everybody else would have been shown other keys.
 */
export class PartyDirectory {
  readonly #options: PartyDirectoryOptions;
  readonly #chains = new Map<string, Refreshed<Chain>>();
  readonly #published: Refreshed<ReadonlyMap<string, PublishedParty>>;

  constructor(options: PartyDirectoryOptions) {
    this.#options = options;
    this.#published = new Refreshed({
      load: () => this.#loadPublished(),
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
    const known = await chain.get(options);
    const current = known.keys.has(kid) ? known : await chain.get({ anew: true });
    const key = current.keys.get(kid);
    if (!key) throw invalid();
    await this.#options.logged.assert(entriesTo(key, current));
    return key;
  }

  /**
   * Every key of a party, also those that were revoked, in the order in which they were added.
   * @throws RecourseError `chain-invalid`
   */
  async keys(party: string, options: { anew?: boolean } = {}): Promise<readonly ChainedKey[]> {
    const chain = await this.#chain(party).get(options);
    const keys = [...chain.keys.values()];
    await this.#options.logged.assert(keys.flatMap((key) => entriesTo(key, chain)));
    return keys;
  }

  /** The published name of a party; its id where the directory has none. */
  async name(party: string): Promise<string> {
    return (await this.#entry(party))?.name ?? party;
  }

  /**
   * Statement of a platform about itself: contacts, policies, legal basis.
   * @throws RecourseError `answer-invalid` where the directory has none
   */
  async registration(party: string): Promise<Registration> {
    const registration = registrationSchema.safeParse((await this.#entry(party))?.registration);
    if (!registration.success) throw new RecourseError('answer-invalid');
    return registration.data;
  }

  async #entry(party: string): Promise<PublishedParty | undefined> {
    const known = (await this.#published.get()).get(party);
    return known ?? (await this.#published.get({ anew: true })).get(party);
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
      const keys = await verifyKeyChain(published, {
        audience: origin,
        party,
        ...(verify ? { verify } : {}),
      });
      const same = await pinned(pins, `enrolment:${party}`, published.enrolmentKid);
      if (!same) throw invalid();
      return { keys, entries: entriesOf(published, keys) };
    });
  }

  async #loadPublished(): Promise<ReadonlyMap<string, PublishedParty>> {
    const json = await this.#options.documents.get('/parties');
    const parties = isJsonObject(json) ? json['parties'] : undefined;
    if (!Array.isArray(parties)) throw new RecourseError('answer-invalid');
    return new Map(parties.map(readPublished));
  }
}

/** A key is as good as the admin keys it leads back by. */
function entriesTo(key: ChainedKey, { keys, entries }: Chain): Entry[] {
  const signer = key.signer === undefined ? undefined : keys.get(key.signer);
  return [...(entries.get(key.kid) ?? []), ...(signer ? entriesTo(signer, { keys, entries }) : [])];
}

/** @throws RecourseError `chain-invalid` where the entries do not say what the chain does */
function entriesOf(
  { party, keys: links, reenrolments: again }: PartyKeys,
  keys: ReadonlyMap<string, ChainedKey>,
): Map<string, readonly Entry[]> {
  const announced = new Map(again?.map((one) => [one.kid, one.announced]));
  return new Map(
    links.map((link, position) => {
      const { kid, statement, entry, revoked } = link;
      const added = keyAddedDetail({ ...keys.get(kid)!, party, position, statement });
      if (entry.type !== 'key-added' || jcs(entry.detail) !== jcs(added)) throw invalid();
      // Of a new first key, that everybody read of it before.
      const before = announced.get(kid);
      const logged = before ? [before, entry] : [entry];
      if (!revoked) return [kid, logged];
      assertRevocation(revoked, { party, kid });
      return [kid, [...logged, revoked.entry]];
    }),
  );
}

function assertRevocation(
  { why, since, entry }: NonNullable<KeyLink['revoked']>,
  revoked: { party: string; kid: string },
): void {
  const logged = detailOf('key-revoked', entry);
  const isSame =
    logged?.party === revoked.party &&
    logged.kid === revoked.kid &&
    logged.why === why &&
    logged.since === since;
  if (!isSame) throw invalid();
}

const invalid = (): RecourseError => new RecourseError('chain-invalid');

interface PublishedParty {
  readonly name: string;
  readonly registration: Json | undefined;
}

function readPublished(json: Json): [string, PublishedParty] {
  if (!isJsonObject(json)) throw new RecourseError('answer-invalid');
  const { id, name, registration } = json;
  if (typeof id !== 'string' || typeof name !== 'string') throw new RecourseError('answer-invalid');
  return [id, { name, registration }];
}
