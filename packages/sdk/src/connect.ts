import type { OpInput, OpName, OpOutput, Verifier } from '@recourse/protocol';
import { appealsOver, type Appeals } from './appeals/appeals.ts';
import type { check, CheckOptions, CheckResult } from './checks/check.ts';
import { RecentChecks } from './session/recent-checks.ts';
import { SeenVersions } from './session/seen-versions.ts';
import { evidenceOver, type EvidenceExchange } from './evidence/evidence.ts';
import type { SealingKeys } from './session/sealing-keys.ts';
import type { Creator } from './identifiers.ts';
import { addKey, type NewKey } from './keys/add-key.ts';
import { journalsOver, type Journals } from './journals/journals.ts';
import { LedgerClient, type Ledger } from './ledger/ledger-client.ts';
import { memoryLedgerStore, type LedgerStore } from './ledger/ledger-store.ts';
import { ToldDisclosures } from './ledger/told-disclosures.ts';
import type { OwnReport, VerifyOwnOptions } from './own-ledger/verify-own.ts';
import { linkErrors } from './link-errors.ts';
import { operationsOver, type Operations } from './operations.ts';
import { outcomesOver, type Outcomes } from './outcomes.ts';
import { partiesOver, type Parties } from './parties/parties.ts';
import { memoryPins, type PinStore } from './pins.ts';
import { PrefixSets } from './prefixes/prefix-sets.ts';
import { prefixesOver, type Prefixes } from './prefixes/prefixes.ts';
import type { SetSource } from './prefixes/renew-set.ts';
import type { SetStore } from './prefixes/set-store.ts';
import { cryptoRandom, type Random } from './random.ts';
import { recallsOver, type Recalls } from './recalls/recalls.ts';
import { LoggedEntries } from './registry/logged-entries.ts';
import { PartyDirectory } from './registry/party-directory.ts';
import { PublicDocuments } from './registry/public-documents.ts';
import { RegistryTrust } from './registry/registry-trust.ts';
import { reviewOver, type Review } from './review/review.ts';
import type { Journal } from './session/journal.ts';
import type { Outbox } from './session/outbox.ts';
import { sanctionsOver, type Sanctions } from './sanctions/sanctions.ts';
import type { Session } from './session/session.ts';
import type { Signers } from './signers.ts';
import type { Answer } from './transport/answer.ts';
import { defaultRetry, sleep, type RetryPolicy } from './transport/backoff.ts';
import type { Fetch } from './transport/post.ts';
import { subjectsOver, type Subjects } from './subjects/subjects.ts';
import { Transport, type CallOptions } from './transport/transport.ts';
import { createWire } from './wire.ts';

/** Which registry, which party, and with which keys; everything else has a default. */
export interface ConnectOptions {
  /** The registry and its pins, from the invite */
  readonly registry: {
    /** `aud` of everything that is signed, e.g. `https://registry.example` */
    readonly origin: string;
    /** RFC 7638 thumbprint of the registry's ledger key, from the invite. The client believes no other registry */
    readonly logKid: string;
    /** Fingerprint of the witness policy, from the invite; without it the client keeps the first one that it sees */
    readonly policy?: string | undefined;
    /** Where to reach it, if that is not the origin */
    readonly url?: string | undefined;
  };
  /** The own party's id */
  readonly party: string;

  /** The keys of the holder by role. An operation without a key here fails with `signer-missing` */
  readonly signers: Signers;
  /** Keeps enrolment and token keys seen first; give one that outlives the process */
  readonly pins?: PinStore | undefined;
  /** Keeps the newest verified checkpoint of the ledger; give one that outlives the process */
  readonly ledgerStore?: LedgerStore | undefined;
  /** `always-match` asks the registry about everyone; by default the prefix set rules most people out first */
  readonly prefixes?: 'always-match' | undefined;
  /** Keeps the prefix sets; give one that outlives the process, or every start loads them whole */
  readonly setStore?: SetStore | undefined;
  /** Keeps signed submissions until they are answered */
  readonly outbox?: Outbox | undefined;
  /** Keeps what opens the evidence of your records; without one, keep it yourself, or lose each appeal */
  readonly journal?: Journal | undefined;
  /**
   * Keeps the keys that evidence and journals are sealed to. A reviewer needs it for `review.take` and to open evidence; a
   * trust holder to share journals with colleagues
   */
  readonly sealingKeys?: SealingKeys | undefined;

  /** Attempts and waits after a lost answer; by default 5 attempts, 20 s, 30 s */
  readonly retry?: Partial<RetryPolicy> | undefined;

  /** Another `fetch`, for proxies and tests */
  readonly fetch?: Fetch | undefined;

  /** The time of this machine; a `clock-skew` of the registry corrects it */
  readonly clock?: (() => Date) | undefined;

  /** Random bytes; by default `crypto.getRandomValues` */
  readonly random?: Random | undefined;

  /** Waits between attempts; rejects with the reason of the signal */
  readonly sleep?: ((milliseconds: number, signal?: AbortSignal) => Promise<void>) | undefined;
  /** Another implementation of signature checks, such as node:crypto */
  readonly verify?: Verifier | undefined;
}

type RefinedGroup =
  | 'sanctions'
  | 'appeals'
  | 'evidence'
  | 'journals'
  | 'review'
  | 'recalls'
  | 'ledger'
  | 'prefixes'
  | 'parties'
  | 'subjects';

/** The public log, and its entries about the own party. */
export type OwnLedgerView = Ledger &
  Operations['ledger'] & {
    /** Checks every ledger entry about the own party. */
    verifyOwn(options?: VerifyOwnOptions): Promise<OwnReport>;
  };

/** A registry as one party uses it. Every result was verified first. */
export type Recourse = Omit<Operations, RefinedGroup> & {
  /** The own party's id */
  readonly party: string;

  /** Records of the own party: submit, draft, tell, withdraw */
  readonly sanctions: Sanctions;

  /** Appeals against own records: stand by them, or concede */
  readonly appeals: Appeals;

  /** Sealed evidence: deliver it, or open it as a reviewer */
  readonly evidence: EvidenceExchange;

  /** Notes that an appeal will need of own records, shared with colleagues */
  readonly journals: Journals;

  /** Acts of a reviewer: take a case, decide it, vote */
  readonly review: Review;

  /** Recalls that the party has to answer: undo, pause or correct */
  readonly recalls: Recalls;

  /** Parties, their registrations and reports */
  readonly parties: Parties;

  /** Identifiers of records: tickets for creators, and those that changed hands */
  readonly subjects: Subjects;

  /** The public log: proofs, and what it says of the own party */
  readonly ledger: OwnLedgerView;

  /** The prefix sets, in which a hit means to ask */
  readonly prefixes: Prefixes;

  /** Outcomes of matches */
  readonly outcomes: Outcomes;
  /** Asks about one creator. Loads the token code at first use; see `@recourse/sdk/checks`. */
  check(creator: Creator<string>, options: CheckOptions): Promise<CheckResult>;
  /** Any operation, with its receipt and the ledger entries it caused. */
  call<N extends OpName>(
    op: N,
    input: OpInput<N>,
    options?: CallOptions,
  ): Promise<Answer<OpOutput<N>>>;
  /** Signs a key into the own party's chain with the admin key. */
  addKey(key: NewKey, options?: CallOptions): Promise<OpOutput<'keys.add'>>;
  /** For `@recourse/sdk/checks` and `@recourse/sdk/events`. */
  readonly session: Session;
};

/**
 * Connects a party to a registry. Nothing is sent yet.
 * @example
 * const recourse = connect({ registry: { origin, logKid }, party, signers: { service } });
 * const { advice, matches } = await recourse.check({ email }, { purpose: 'signup', provenAt });
 */
export function connect(options: ConnectOptions): Recourse {
  const session = openSession(options);
  const operations = operationsOver(
    createWire((op, input, callOptions) => session.transport.sendUntyped(op, input, callOptions)),
  );
  const journals = journalsOver(session, operations.journals);
  // A loader asked anew looks for the file anew.
  let checks: { readonly check: typeof check } | undefined;
  const api: Omit<Recourse, 'session'> = {
    ...operations,
    party: session.party,
    sanctions: sanctionsOver({ session, journals }, operations.sanctions),
    appeals: appealsOver(session, operations.appeals),
    evidence: evidenceOver(session, operations.evidence),
    journals,
    review: reviewOver(session, operations.review),
    recalls: recallsOver(operations.recalls),
    parties: partiesOver(session, operations.parties),
    subjects: subjectsOver(session, operations.subjects),
    ledger: {
      ...operations.ledger,
      ...publicLog(session.ledger),
      verifyOwn: async (ownOptions) => {
        const { verifyOwn } = await import('./own-ledger/verify-own.ts');
        return verifyOwn({ session, operations }, ownOptions);
      },
    },
    prefixes: prefixesOver(session, operations.prefixes),
    outcomes: outcomesOver(session),
    check: async (creator, checkOptions) => {
      checks ??= await import('./checks/check.ts');
      return checks.check(session, creator, checkOptions);
    },
    call: (op, input, callOptions) => session.transport.send(op, input, callOptions),
    addKey: (key, callOptions) => addKey(session, key, callOptions),
  };
  return { ...linkErrors(session.origin, api), session };
}

const publicLog = (log: Ledger): Ledger => ({
  newest: () => log.newest(),
  prove: (leaf, options) => log.prove(leaf, options),
  proveReceipt: (receipt, options) => log.proveReceipt(receipt, options),
  settle: (options) => log.settle(options),
});

const prefixSetsOf = (
  { prefixes, setStore: store }: ConnectOptions,
  source: SetSource,
): PrefixSets | undefined =>
  prefixes === 'always-match' ? undefined : new PrefixSets({ ...source, store });

function openSession(options: ConnectOptions): Session {
  const { registry, party, signers, verify, outbox, journal, sealingKeys } = options;
  const { origin, logKid, policy, url = origin } = registry;
  const { random = cryptoRandom, pins = memoryPins(), sleep: wait = sleep } = options;
  const fetch: Fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const retry = { ...defaultRetry, ...options.retry };
  const clock = options.clock ?? (() => new Date());
  const common = { random, fetch, retry, clock, url, origin, verify, sleep: wait };
  const documents = new PublicDocuments(common);
  const transport: Transport = new Transport({
    ...common,
    party,
    signers,
    receiptKey: (kid) => trust.receiptKey(kid),
    ledger: () => ledger,
  });
  // Epochs and expiries run on the registry's clock, as far as it is known.
  const now = (): Date => transport.now();
  const logged = new LoggedEntries(() => ledger, pins);
  const trusted = { ...common, clock: now, documents, pins, logged };
  const trust: RegistryTrust = new RegistryTrust({ ...trusted, logKid });
  const ledger: LedgerClient = new LedgerClient({
    ...trusted,
    policy,
    registry: trust,
    store: options.ledgerStore ?? memoryLedgerStore(),
    clock,
    registryTime: now,
  });
  return {
    party,
    origin,
    signers,
    random,
    transport,
    registry: trust,
    parties: new PartyDirectory(trusted),
    ledger,
    prefixes: prefixSetsOf(options, { ...trusted, transport, ledger, registry: trust }),
    recent: new RecentChecks(now),
    seen: new SeenVersions(),
    told: new ToldDisclosures(),
    outbox,
    journal,
    sealingKeys,
    verify,
    retry,
    sleep: wait,
  };
}
