import type { Db, LedgerGuard } from '@recourse/registry';
import type { ServerConfig } from '../config/config.ts';
import type { Log } from '../log.ts';
import { commitSettings } from '../postgres-store.ts';
import { sayOnTurn } from '../say-on-turn.ts';

export interface ProtectionOptions {
  readonly config: Pick<ServerConfig, 'mode' | 'ownWitness'>;
  readonly services: { readonly db: Db; readonly ledger: LedgerGuard };
  /** Whether as many witnesses as the policy asks for have agreed with this process */
  readonly hasQuorum: () => boolean;
  readonly log: Log;
}

/**
 * Whether what is signed can be lost unseen. A database without a synchronous standby forgets what it committed last when
 * its machine is lost. Then somebody else has to remember what was signed: a witness of the operator's own, or as many
 * witnesses as the policy asks for. A sandbox is free of it.
 */
export class Protection {
  readonly #options: ProtectionOptions;
  readonly #say: ReturnType<typeof sayOnTurn>;

  constructor(options: ProtectionOptions) {
    this.#options = options;
    this.#say = sayOnTurn(options.log, { over: protectedAgain, level: 'alarm' });
  }

  /** Looks anew: a cluster gives up its standby, and witnesses go. @returns whether anything may be signed */
  async look(): Promise<boolean> {
    const { config, services, hasQuorum } = this.#options;
    const isWitnessed = config.mode === 'sandbox' || config.ownWitness !== undefined || hasQuorum();
    const lacks = isWitnessed ? undefined : await standbyLacks(services.db);
    const isProtected = lacks === undefined;
    services.ledger.protects(isProtected);
    this.#say(lacks === undefined ? undefined : unprotected(lacks));
    return isProtected;
  }
}

/**
 * Each commit waits for a standby then. Who is connected is for others to see (`pg_stat_replication` shows the service
 * role no more than process ids), and does not matter: without a standby the commit does not return.
 * @returns the setting for want of which it does not wait
 */
async function standbyLacks(db: Db): Promise<string | undefined> {
  const { standbys, commits } = await commitSettings(db);
  if (standbys === '') return 'synchronous_standby_names of PostgreSQL is empty';
  if (['on', 'remote_apply'].includes(commits)) return undefined;
  return `synchronous_commit of PostgreSQL is ${commits}, and not on`;
}

const unprotected = (lacks: string): string[] => [
  `UNPROTECTED: nothing is signed, and calls are refused: what PostgreSQL loses with its machine, nobody would notice. ${lacks}, and RECOURSE_WITNESS_URL is not set.`,
  'Set one of these: synchronous_standby_names of PostgreSQL, with synchronous_commit on; RECOURSE_WITNESS_URL and RECOURSE_WITNESS_KEY, a witness of your own on another machine. Or have as many registered witnesses cosign as their policy asks for. docs/operating.md says how.',
];
const protectedAgain = 'What is signed is protected again: calls are answered.';
