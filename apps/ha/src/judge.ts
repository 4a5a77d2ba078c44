import { unwitnessed, type VerifierKey } from '@recourse/ledger';
import { publicJwkSchema, thumbprint } from '@recourse/protocol';
import { LogSource, logKeyOf, VerifyError, verifyLedger, type LedgerState } from '@recourse/verify';
import type { Cluster } from './cluster.ts';
import {
  compare,
  countsOf,
  isSettled,
  type Compared,
  type Counts,
  type Sql,
  type TakenTime,
} from './compare.ts';
import { until } from './programs.ts';
import type { Registry, Server } from './registry.ts';
import type { Act } from './stories.ts';
import { lastWords, type SentCall } from './traffic.ts';

/** Verdict on calls and log. */
export interface Judgement extends Compared {
  readonly answered: number;
  /** Refused, or sent again and again and never answered: the last problem, and how often */
  readonly refused: Readonly<Record<string, number>>;
  /** Forks that a verifier finds which read the log before: none, where the log goes on */
  readonly forks: readonly string[];
}

/** Answers, and to whom they went. */
export interface Happened {
  readonly calls: readonly SentCall[];
  /** Acts that the stories were told were done */
  readonly acts: readonly Act[];
  readonly taken: TakenTime | undefined;
}

/** Compares each answered call with the database and the log, and the log with what was read of it before. */
export class Judge {
  readonly #registry: Registry;
  readonly #cluster: Cluster;
  #state: LedgerState = {};
  #before: Counts | undefined;

  constructor(registry: Registry, cluster: Cluster) {
    this.#registry = registry;
    this.#cluster = cluster;
  }

  /** Before the first call: what is there already is not counted. */
  async begin(): Promise<void> {
    this.#before = await this.#ask(async (sql) => {
      await until('all entries are in the log', () => isSettled(sql), 60);
      return countsOf(sql);
    });
  }

  async judge({ calls, acts, taken }: Happened): Promise<Judgement> {
    const answered = calls.filter(({ status }) => status === 200);
    const compared = await this.#ask(async (sql) => {
      await until('all entries are in the log', () => isSettled(sql), 60);
      return compare(sql, { answered, acts, before: this.#before ?? (await countsOf(sql)), taken });
    });
    const refused = lastWords(calls);
    return { answered: answered.length, refused, ...compared, forks: await this.read() };
  }

  /** Entries of the log that time alone makes: steps that a server wrote down since their deadline had passed. */
  stepsOfTime(): Promise<number> {
    return this.#ask(async (sql) => {
      const [row] = await sql<{ steps: number }[]>`select count(*)::int as steps from ledger_entries
        where entry ~ '"(sanction-ended|sanction-suspended|recall-overdue|erased|texts-erased|subject-erased)"'`;
      return row?.steps ?? 0;
    });
  }

  #ask<T>(question: (sql: Sql) => Promise<T>): Promise<T> {
    return this.#cluster.look(question);
  }

  /** Reads the log from every server, on from what was read before. @returns what contradicts that */
  async read(): Promise<string[]> {
    const found: string[] = [];
    for (const server of this.#registry.servers) {
      try {
        await this.#readFrom(server);
      } catch (error) {
        if (!(error instanceof VerifyError)) throw error;
        found.push(error.code);
      }
    }
    return found;
  }

  async #readFrom({ url }: Server): Promise<void> {
    const origin = this.#registry.url;
    const log = { origin, policy: unwitnessed(await logKeyAt(url, origin)) };
    await verifyLedger({
      log,
      source: new LogSource(url),
      state: this.#state,
      save: (state) => (this.#state = state),
      onProgress: () => undefined,
      signal: AbortSignal.timeout(120_000),
    });
  }
}

/** The key of the log, as a server names it. */
export async function logKeyAt(url: string, origin: string): Promise<VerifierKey> {
  const document: unknown = await (await fetch(`${url}/.well-known/recourse`)).json();
  const key = publicJwkSchema.parse((document as { logKey: unknown }).logKey);
  return logKeyOf(document, { origin, kid: thumbprint(key) });
}
