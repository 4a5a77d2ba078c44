import { unwitnessed } from '@recourse/ledger';
import { publicJwkSchema, thumbprint } from '@recourse/protocol';
import { LogSource, logKeyOf, VerifyError, verifyLedger, type LedgerState } from '@recourse/verify';
import postgres from 'postgres';
import { until } from './programs.ts';
import type { Registry, Server } from './registry.ts';
import { lastWords, type SentCall } from './traffic.ts';

/** What calls and log came to. */
export interface Judgement {
  readonly answered: number;
  /** Refused, or sent again and again and never answered: the last problem, and how often */
  readonly refused: Readonly<Record<string, number>>;
  /** Answered calls without a trace in the database, and answered submissions without a record or an entry of the log */
  readonly lost: number;
  /** Records or entries of the log beyond one a submission */
  readonly twice: number;
  /** What a verifier says that read the log before: nothing, where the log goes on */
  readonly forks: readonly string[];
}

/** Compares each answered call with the database and the log, and the log with what was read of it before. */
export class Judge {
  readonly #registry: Registry;
  readonly #adminUrl: string;
  #state: LedgerState = {};

  constructor(registry: Registry, adminUrl: string) {
    this.#registry = registry;
    this.#adminUrl = adminUrl;
  }

  /** @param settles waits until the log has all that waits for it: not where it has to stop */
  async judge(calls: readonly SentCall[], { settles }: { settles: boolean }): Promise<Judgement> {
    const sql = postgres(this.#adminUrl, { max: 1, onnotice: () => undefined });
    try {
      if (settles) await until('all entries are in the log', () => isSettled(sql), 60);
      const answered = calls.filter(({ status }) => status === 200);
      return {
        answered: answered.length,
        refused: lastWords(calls),
        ...(await compare(sql, answered)),
        forks: await this.read(),
      };
    } finally {
      await sql.end({ timeout: 5 });
    }
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
    const { origin } = this.#registry;
    const document: unknown = await (await fetch(`${url}/.well-known/recourse`)).json();
    const key = publicJwkSchema.parse((document as { logKey: unknown }).logKey);
    const log = {
      origin,
      policy: unwitnessed(logKeyOf(document, { origin, kid: thumbprint(key) })),
    };
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

type Sql = postgres.Sql;

async function isSettled(sql: Sql): Promise<boolean> {
  const [row] = await sql<
    { waiting: number }[]
  >`select count(*)::int as waiting from ledger_pending`;
  return row?.waiting === 0;
}

async function compare(
  sql: Sql,
  answered: readonly SentCall[],
): Promise<Pick<Judgement, 'lost' | 'twice'>> {
  const jtis = answered.map(({ jti }) => jti);
  const traces = await sql<{ jti: string }[]>`select jti from audit where jti = any(${jtis})`;
  const traced = new Set(traces.map(({ jti }) => jti));
  const submitted = answered.flatMap(({ sanction }) => sanction ?? []);
  const records = await sql<
    { id: string }[]
  >`select id from sanctions where id = any(${submitted})`;
  const recorded = new Set(records.map(({ id }) => id));
  // One entry a record, whoever submitted it; its digest hides which.
  const [counts] = await sql<{ records: number; entries: number }[]>`
    select (select count(*)::int from sanctions) as records,
      (select count(*)::int from ledger_entries where entry like '%"sanction-submitted"%') as entries`;
  const { records: all = 0, entries = 0 } = counts ?? {};
  const untraced = answered.filter(({ jti, sanction }) =>
    sanction === undefined ? !traced.has(jti) : !traced.has(jti) || !recorded.has(sanction),
  );
  return {
    lost: untraced.length + Math.max(0, all - entries),
    twice:
      traces.length - traced.size + records.length - recorded.size + Math.max(0, entries - all),
  };
}
