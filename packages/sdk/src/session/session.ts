import type { Verifier } from '@recourse/protocol';
import type { RecentChecks } from './recent-checks.ts';
import type { SeenVersions } from './seen-versions.ts';
import type { SealingKeys } from './sealing-keys.ts';
import type { LedgerClient } from '../ledger/ledger-client.ts';
import type { ToldDisclosures } from '../ledger/told-disclosures.ts';
import type { PrefixSets } from '../prefixes/prefix-sets.ts';
import type { Random } from '../random.ts';
import type { PartyDirectory } from '../registry/party-directory.ts';
import type { RegistryTrust } from '../registry/registry-trust.ts';
import type { Journal } from './journal.ts';
import type { Outbox } from './outbox.ts';
import type { Signers } from '../signers.ts';
import type { RetryPolicy } from '../transport/backoff.ts';
import type { Transport } from '../transport/transport.ts';

/** Tools of one connection; made by `connect`, shared by everything it returns. */
export interface Session {
  readonly party: string;
  /** `aud` of everything signed here */
  readonly origin: string;
  readonly signers: Signers;
  readonly random: Random;
  readonly transport: Transport;
  readonly registry: RegistryTrust;
  readonly parties: PartyDirectory;
  readonly ledger: LedgerClient;
  /** None with `always-match` */
  readonly prefixes: PrefixSets | undefined;
  readonly recent: RecentChecks;
  readonly seen: SeenVersions;
  readonly told: ToldDisclosures;
  readonly outbox: Outbox | undefined;
  readonly journal: Journal | undefined;
  /** Present for reviewers and trust keys */
  readonly sealingKeys: SealingKeys | undefined;
  readonly verify: Verifier | undefined;
  readonly retry: RetryPolicy;
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}
