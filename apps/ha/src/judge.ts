import { unwitnessed, type VerifierKey } from '@recourse/ledger';
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
  /** When these were answered, in seconds since the traffic began: the first ten */
  readonly lostAt: readonly number[];
  /** Answered calls whose rows the fault itself took, as the documents say; what was signed of them is in the log */
  readonly taken: number;
  /** Records or entries of the log beyond one a submission */
  readonly twice: number;
  /** What a verifier says that read the log before: nothing, where the log goes on */
  readonly forks: readonly string[];
}

/** When answers were given whose rows a fault takes, in milliseconds since the traffic began. */
export interface TakenTime {
  readonly from: number;
  readonly to: number;
}

interface Counts {
  readonly records: number;
  readonly entries: number;
}

/** Compares each answered call with the database and the log, and the log with what was read of it before. */
export class Judge {
  readonly #registry: Registry;
  readonly #adminUrl: string;
  #state: LedgerState = {};
  #before: Counts = { records: 0, entries: 0 };

  constructor(registry: Registry, adminUrl: string) {
    this.#registry = registry;
    this.#adminUrl = adminUrl;
  }

  /** Before the first call: what is there already is not counted. */
  async begin(): Promise<void> {
    this.#before = await this.#ask(async (sql) => {
      await until('all entries are in the log', () => isSettled(sql), 60);
      return countsOf(sql);
    });
  }

  async judge(calls: readonly SentCall[], taken?: TakenTime): Promise<Judgement> {
    const answered = calls.filter(({ status }) => status === 200);
    const compared = await this.#ask(async (sql) => {
      await until('all entries are in the log', () => isSettled(sql), 60);
      return compare(sql, { answered, before: this.#before, ...(taken ? { taken } : {}) });
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

  async #ask<T>(question: (sql: Sql) => Promise<T>): Promise<T> {
    const sql = postgres(this.#adminUrl, { max: 1, onnotice: () => undefined });
    try {
      return await question(sql);
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

type Sql = postgres.Sql;

async function isSettled(sql: Sql): Promise<boolean> {
  const [row] = await sql<
    { waiting: number }[]
  >`select count(*)::int as waiting from ledger_pending`;
  return row?.waiting === 0;
}

/** One entry a record, whoever submitted it; its digest hides which. */
async function countsOf(sql: Sql): Promise<Counts> {
  const [counts] = await sql<Counts[]>`
    select (select count(*)::int from sanctions) as records,
      (select count(*)::int from ledger_entries where entry like '%"sanction-submitted"%') as entries`;
  return counts ?? { records: 0, entries: 0 };
}

interface Compared {
  readonly answered: readonly SentCall[];
  readonly before: Counts;
  readonly taken?: TakenTime;
}

/** An entry is signed within a second or two: what was answered just before a fault nobody may have seen. */
const unshownMs = 5_000;

const isShown =
  ({ to }: TakenTime) =>
  ({ sanction, answeredAt = 0 }: SentCall): boolean =>
    sanction !== undefined && (answeredAt < to - unshownMs || answeredAt > to);

async function compare(
  sql: Sql,
  { answered, before, taken }: Compared,
): Promise<Pick<Judgement, 'lost' | 'lostAt' | 'taken' | 'twice'>> {
  const jtis = answered.map(({ jti }) => jti);
  const traces = await sql<{ jti: string }[]>`select jti from audit where jti = any(${jtis})`;
  const traced = new Set(traces.map(({ jti }) => jti));
  const submitted = answered.flatMap(({ sanction }) => sanction ?? []);
  const rows = await sql<{ id: string }[]>`select id from sanctions where id = any(${submitted})`;
  const recorded = new Set(rows.map(({ id }) => id));
  const untraced = answered.filter(
    ({ jti, sanction }) => !traced.has(jti) || (sanction !== undefined && !recorded.has(sanction)),
  );
  const isTaken = ({ answeredAt = 0 }: SentCall): boolean =>
    taken !== undefined && answeredAt >= taken.from && answeredAt <= taken.to;
  const after = await countsOf(sql);
  const records = after.records - before.records;
  const entries = after.entries - before.entries;
  const repeated = traces.length - traced.size + rows.length - recorded.size;
  // Where rows were taken the log still has the entry of each submission that was signed in time.
  const missing = taken ? answered.filter(isShown(taken)).length - entries : records - entries;
  const lost = untraced.filter((call) => !isTaken(call));
  return {
    lost: lost.length + Math.max(0, missing),
    lostAt: lost.slice(0, 10).map(({ answeredAt = 0 }) => Math.round(answeredAt / 100) / 10),
    taken: untraced.filter(isTaken).length,
    twice: repeated + (taken ? 0 : Math.max(0, entries - records)),
  };
}
