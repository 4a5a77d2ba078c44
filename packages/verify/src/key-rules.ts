import {
  detailOf,
  enrolmentSchema,
  isInTime,
  jcs,
  keyAddedDetail,
  keyStatementSchema,
  openArtefact,
  partyIdSchema,
  peekArtefact,
  ProtocolError,
  readEntry,
  registryKeySchema,
  thumbprint,
  verifyKeyChain,
  type Entry,
  type EntryDetail,
  type EntryReaders,
  type KeyChain,
  type PublicJwk,
} from '@recourse/protocol';
import type { VerifyErrorCode } from './errors.ts';

interface LoggedKey {
  readonly party: string;
  readonly statement: string;
  readonly at: string;
  /** The admin key that signed for it; none of an enrolment key, whose holder the entry names */
  readonly signer?: string;
  readonly holder: string;
  readonly revoked?: 'retired' | 'compromised';
}

/** New first keys of a party that were announced, by the hash of their invite. */
interface AnnouncedFirstKeys {
  readonly entry: Entry;
  readonly isOver: boolean;
}

export interface KeyState {
  readonly announced?: readonly (readonly [string, AnnouncedFirstKeys])[];
  readonly parties: readonly string[];
  readonly keys: readonly (readonly [string, LoggedKey])[];
}

/** The fault of an entry that lacks what its type says. */
const malformed = {
  'party-registered': 'entry-invalid',
  'key-added': 'entry-invalid',
  'key-revoked': 'revocation-invalid',
  'registry-key': 'registry-key-not-signed',
  'party-reenrol-announced': 'entry-invalid',
  'party-reenrol-stopped': 'entry-invalid',
} as const;
const isRead = (type: string): type is keyof typeof malformed => Object.hasOwn(malformed, type);

/**
 * Keys as the log has them: each leads back to the first of its party by signatures of admin keys that were not
 * revoked then, and each of the registry is announced by the log key.
 */
export class KeyRules {
  readonly #origin: string;
  readonly #logJwk: PublicJwk;
  readonly #parties: Set<string>;
  readonly #keys: Map<string, LoggedKey>;
  readonly #announced: Map<string, AnnouncedFirstKeys>;

  constructor(log: { origin: string; logJwk: PublicJwk }, state?: KeyState) {
    this.#origin = log.origin;
    this.#logJwk = log.logJwk;
    this.#parties = new Set(state?.parties ?? ['operator', 'panel']);
    this.#keys = new Map(state?.keys);
    this.#announced = new Map(state?.announced);
  }

  get state(): KeyState {
    return {
      parties: [...this.#parties],
      keys: [...this.#keys],
      announced: [...this.#announced],
    };
  }

  get counts(): { parties: number; keys: number } {
    return { parties: this.#parties.size, keys: this.#keys.size };
  }

  async apply(entry: Entry): Promise<VerifyErrorCode[]> {
    const { type } = entry;
    return (await readEntry(this.#readers, entry)) ?? (isRead(type) ? [malformed[type]] : []);
  }

  readonly #readers: EntryReaders<Entry, VerifyErrorCode[] | Promise<VerifyErrorCode[]>> = {
    'party-registered': ({ party }) => {
      this.#parties.add(party);
      return [];
    },
    'key-added': (detail, { at }) => this.#add(detail, at),
    'key-revoked': (detail) => this.#revoke(detail),
    'registry-key': (detail) => this.#announce(detail),
    'party-reenrol-announced': (detail, entry) => this.#expect(detail, entry),
    'party-reenrol-stopped': (detail) => this.#stop(detail),
  };

  async #add(detail: EntryDetail<'key-added'>, at: string): Promise<VerifyErrorCode[]> {
    const { party, kid, statement } = detail;
    if (!this.#parties.has(party)) return ['party-not-registered'];
    const added = { party, statement, at };
    const isChained =
      !this.#keys.has(kid) &&
      (await holds(async () => {
        const isRoot = this.#ofParty(party).length === 0 || this.#takeAnnounced(added, detail);
        const key = isRoot ? { ...added, holder: detail.holder } : this.#link(added);
        const logged = await this.#verified(kid, key);
        assert(jcs(detail) === jcs(logged));
        this.#keys.set(kid, key);
      }));
    return isChained ? [] : ['key-not-chained'];
  }

  #expect(
    { party, invite }: EntryDetail<'party-reenrol-announced'>,
    entry: Entry,
  ): VerifyErrorCode[] {
    if (!this.#parties.has(party) || this.#announced.has(invite)) return ['entry-invalid'];
    this.#announced.set(invite, { entry, isOver: false });
    return [];
  }

  #stop({ invite }: EntryDetail<'party-reenrol-stopped'>): VerifyErrorCode[] {
    const announced = this.#announced.get(invite);
    if (!announced || announced.isOver) return ['entry-invalid'];
    this.#announced.set(invite, { ...announced, isOver: true });
    return [];
  }

  /** Whether it is a new first key, announced in time and stopped by nobody, with every key of before revoked. */
  #takeAnnounced(
    added: { party: string; statement: string; at: string },
    { holder }: EntryDetail<'key-added'>,
  ): boolean {
    const invite = inviteOf(added.statement);
    const announced = invite === undefined ? undefined : this.#announced.get(invite);
    if (!announced || invite === undefined) return false;
    const { entry, isOver } = announced;
    const announcement = detailOf('party-reenrol-announced', entry);
    assert(!isOver && announcement?.party === added.party && announcement.holder === holder);
    assert(isInTime(entry, added.at));
    assert(this.#ofParty(added.party).every(({ revoked }) => revoked !== undefined));
    this.#announced.set(invite, { entry, isOver: true });
    return true;
  }

  #link(added: { party: string; statement: string; at: string }): LoggedKey {
    const expected = { typ: 'recourse-key+jwt', schema: keyStatementSchema } as const;
    const { jws, payload } = peekArtefact(added.statement, expected);
    const signer = this.#keys.get(jws.kid);
    // Whoever stole a key would otherwise outlive its revocation; what the index says, no clock unsays.
    assert(signer?.party === added.party && signer.revoked === undefined);
    return { ...added, signer: jws.kid, holder: payload.holder };
  }

  /** The detail that the entry must have. @throws ProtocolError */
  async #verified(kid: string, key: LoggedKey): Promise<EntryDetail<'key-added'>> {
    const { party, statement } = key;
    const path = this.#pathTo({ ...key, kid });
    const [root] = path as [LoggedKey & { kid: string }];
    const chain = await verifyKeyChain(
      {
        party: partyIdSchema.parse(party),
        enrolmentKid: root.kid,
        enrolmentHolder: root.holder,
        keys: path.map(linkOf),
      },
      { audience: this.#origin, party },
    );
    const { holder, role, admin } = chain.get(kid)!;
    const position = this.#ofParty(party).length;
    return keyAddedDetail({ party, kid, holder, role, admin, position, statement });
  }

  /** From the enrolment key down: the few keys that this one rests on */
  #pathTo(key: LoggedKey & { kid: string }): (LoggedKey & { kid: string })[] {
    const path = [key];
    for (let at = key.signer; at !== undefined; at = this.#keys.get(at)!.signer) {
      path.unshift({ ...this.#keys.get(at)!, kid: at });
    }
    return path;
  }

  #ofParty(party: string): LoggedKey[] {
    return [...this.#keys.values()].filter((key) => key.party === party);
  }

  #revoke({ party, kid, holder, why }: EntryDetail<'key-revoked'>): VerifyErrorCode[] {
    const key = this.#keys.get(kid);
    if (key?.party !== party || key.holder !== holder) return ['revocation-invalid'];
    // A retired key may turn out to have been stolen before. Nothing else is revoked twice.
    if (key.revoked === 'compromised' || key.revoked === why) return ['revocation-invalid'];
    this.#keys.set(kid, { ...key, revoked: why });
    return [];
  }

  async #announce(detail: EntryDetail<'registry-key'>): Promise<VerifyErrorCode[]> {
    const { statement } = detail;
    const isSigned = await holds(async () => {
      const { payload } = await openArtefact(statement, {
        typ: 'recourse-registry-key+jwt',
        schema: registryKeySchema,
        jwk: this.#logJwk,
      });
      const { aud, use, jwk } = payload;
      assert(aud === this.#origin && jcs(detail) === jcs({ use, kid: thumbprint(jwk), statement }));
    });
    return isSigned ? [] : ['registry-key-not-signed'];
  }
}

/** The invite that a key enrolled by itself names; none of one that an admin key signed for. */
function inviteOf(statement: string): string | undefined {
  try {
    const expected = { typ: 'recourse-enrol+jwt', schema: enrolmentSchema } as const;
    return peekArtefact(statement, expected).payload.invite;
  } catch {
    return undefined;
  }
}

const linkOf = ({ kid, statement, at }: LoggedKey & { kid: string }): KeyChain['keys'][number] => ({
  kid,
  statement,
  addedAt: at,
});

async function holds(check: () => Promise<void>): Promise<boolean> {
  try {
    await check();
    return true;
  } catch (error) {
    if (error instanceof ProtocolError) return false;
    throw error;
  }
}

function assert(condition: boolean): asserts condition {
  if (!condition) throw new ProtocolError('chain-broken', 'not as logged');
}
