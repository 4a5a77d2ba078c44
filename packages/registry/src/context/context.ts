import {
  newId,
  type AuthenticatedCall,
  type DeliveryChannel,
  type Registration,
  type Signer,
} from '@recourse/protocol';
import type { Caller } from '../commit/store.ts';
import { noEffects, type ReadEffects } from '../commit/effects.ts';
import type { PublishedSets, SetCache } from './published-sets.ts';
import type { Deadlines } from '@recourse/protocol/review';
import type { Db } from '../kernel/database.ts';
import type { CaseServices, TransitionContext } from '../records/transition-context.ts';
import { Changes } from '../commit/changes.ts';
import type { LastStatement } from '../commit/sealed-store.ts';
import type { LedgerGuard } from '../log/ledger-guard.ts';
import type { Vault } from '../vault/vault.ts';

/** A live OPRF key of the registry, by its epoch. */
export interface TokenEpoch {
  readonly epoch: number;
  /** 32 bytes, base64url */
  readonly publicKey: string;
  readonly opensAt: Date;
  readonly closesAt?: Date;
}

/** The registry's half of the OPRF. The secret lives behind it, under other custody than the database. */
export interface TokenService {
  epochs(): readonly TokenEpoch[];
  /** Elements and proof as base64url; throws Problem `unknown-epoch` or `overloaded` */
  evaluate(
    epoch: number,
    blinded: readonly string[],
  ): Promise<{ elements: string[]; proof: string }>;
  /** The public key of an epoch whose secret is here, before it is announced; 32 bytes, base64url */
  publicKeyOf(epoch: number): string | undefined;
}

/** How control of an identifier is proven to the registry itself. It keeps neither identifier nor token. */
export interface IdentityProofs {
  /** Mails a one-time code; the mail says nothing of whether anything is held */
  mailCode(mail: {
    to: string;
    code: string;
    language: string;
    expiresAt: Date;
    /** Set where the address was left to be told of news; without it the mail finds cases */
    about?: 'contact';
  }): Promise<void>;
  /**
   * Texts a one-time code, in the background: whether it is sent, and how long that takes, is no answer to whoever asked.
   * @param sms `isSought` says whether anything may be recorded about the number
   */
  textCode(sms: {
    to: string;
    code: string;
    language: string;
    isSought: () => Promise<boolean>;
  }): void;
  /** TXT records of a name, each joined to one text; none when it has none */
  txtRecords(name: string): Promise<readonly string[]>;
}

/** How whoever left an address hears that their case has news: that, and nothing of it. */
export interface NewsMail {
  /** True where this registry can mail at all */
  readonly available: boolean;
  /**
   * Resolves once a mail server took it, and rejects where none did.
   * @param mail `stop` is the code that ends these mails
   */
  mailNews(mail: { to: string; language: string; stop: string }): Promise<void>;
}

/** A notice of a record: registry, submitter, where to read it and the rights of whoever it is about; never the reason. */
export interface NoticeMessage {
  readonly channel: DeliveryChannel;
  readonly to: string;
  /** Opens the case */
  readonly code: string;
  readonly language: string;
  readonly submitter: Pick<Registration, 'name' | 'domain' | 'contacts' | 'legalBasis'>;
  /** Secret: in the envelope alone, and comes back with a bounce */
  readonly id: string;
}

/** How the registry writes to the addresses of a record. */
export interface NoticeSender {
  /** True where messages of a channel can be handed in at all */
  sends(channel: DeliveryChannel): boolean;
  /** Countries that text messages go to, beside those of the members: ISO 3166-1 alpha-2 */
  readonly smsCountries?: readonly string[];
  /** Resolves once a server took or refused it; rejects where none did: it is tried again */
  send(message: NoticeMessage): Promise<'taken' | 'refused'>;
  /** Something waits to be sent; it is found without this as well, somewhat later */
  wake(): void;
}

/** A trusted flagger a statement may name as its origin. Public bodies count as authorities. */
export interface Flagger {
  readonly id: string;
  readonly name: string;
  readonly publicBody: boolean;
}

/** Everything that the process of a registry brings: database, keys, clock, and ways to reach people. */
export interface RegistryOptions {
  readonly db: Db;
  /** `aud` of every artefact, e.g. https://registry.example */
  readonly origin: string;
  readonly clock: () => Date;
  readonly random: (bytes: number) => Uint8Array;
  /** A place below a number, at random: which of the next cases a reviewer is assigned */
  readonly place: (below: number) => number;
  readonly receiptSigner: Signer;
  /** Signs security event tokens, and nothing else */
  readonly eventSigner: Signer;
  readonly vault: Vault;
  readonly tokens: TokenService;
  readonly proofs: IdentityProofs;
  readonly news: NewsMail;
  readonly notices: NoticeSender;
  /** Deadlines of the rules, within their bounds */
  readonly deadlines: Deadlines;
  /** None where it is left out */
  readonly flaggers?: readonly Flagger[];
}

/** Everything that a registry works with: what its process brings, and what `makeServices` makes for each server. */
export interface Services extends RegistryOptions, CaseServices {
  readonly flaggers: readonly Flagger[];
  /** Prefix sets as this server has them */
  readonly sets: SetCache;
  /** Those that members hold */
  readonly published: PublishedSets;
  /** Says whether the ledger takes more */
  readonly ledger: LedgerGuard;
}

/**
 * Lets work with the database in, no more at once than the pool has connections. A read that waits for its
 * group holds no place: the next ones are looked up meanwhile.
 * @throws Problem `overloaded`
 */
export type Limit = <T>(work: () => Promise<T>) => Promise<T>;

/** The context of a procedure. Everything it changes goes through `db`, in one transaction. */
export interface CallContext extends TransitionContext {
  readonly services: Services;
  readonly caller: Caller;
  readonly call: AuthenticatedCall;
  readonly now: Date;
  /** The transaction of a mutation; the pool for a read */
  readonly db: Db;
  readonly changes: Changes;
  /** The disclosures of a read, written by the group commit that also writes its audit row */
  readonly effects: ReadEffects;
  /** Cases whose encrypted store keeps the bytes of this mutation */
  readonly retainCallFor: Set<string>;
  /** Statements that a mutation writes last, in the round trip of its audit row; in this order */
  readonly last: LastStatement[];
}

/** Makes the context of one call: `db` is its transaction, or the pool for a read. */
export function contextOf(services: Services, call: AuthenticatedCall, db: Db): CallContext {
  const now = services.clock();
  const changes = new Changes({
    caller: call.payload.iss,
    now,
    unique: () => newId('evd', { now, random: services.random }),
  });
  const caller = call.key as Caller;
  return {
    services,
    caller,
    call,
    now,
    db,
    changes,
    effects: noEffects(),
    retainCallFor: new Set(),
    last: [],
  };
}
