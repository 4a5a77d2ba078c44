import { sql } from 'kysely';
import { jcs, toTimestamp } from '@recourse/protocol';
import { insertPending, Sequencer, type Db, type Vault } from '@recourse/registry';
import { insertPlatforms } from '../told-platforms.ts';
import { progress } from '../report.ts';
import { entriesOfRecord, GrownLog, type GrownRows } from './grown-log.ts';

const platforms = 20;
const recordsAtOnce = 500;

/** A database whose log grows. It owns how many records are in it. */
export class FilledLog {
  readonly #owner: Db;
  readonly #sequencer: Sequencer;
  readonly #log: GrownLog;

  private constructor(owner: Db, log: GrownLog) {
    this.#owner = owner;
    this.#sequencer = new Sequencer(owner);
    this.#log = log;
  }

  static async open(owner: Db, vault: Vault): Promise<FilledLog> {
    await sql.raw(dropRules).execute(owner);
    const added = await insertPlatforms(owner, { count: platforms, keyed: 0 });
    await logParties(owner);
    return new FilledLog(
      owner,
      new GrownLog({ vault, platforms: added.map(({ party }) => party) }),
    );
  }

  /** Adds so many entries, with the rows that they speak of. */
  async grow(entries: number): Promise<void> {
    const ended = new Date();
    let records = Math.ceil(entries / entriesOfRecord);
    for (let said = performance.now(); records > 0; records -= recordsAtOnce) {
      await this.#insert(this.#log.grow(Math.min(recordsAtOnce, records), ended));
      if (performance.now() - said < 10_000) continue;
      progress(`${records * entriesOfRecord} entries to go`);
      said = performance.now();
    }
    while ((await this.#sequencer.step()).added > 0);
    await sql`vacuum analyze`.execute(this.#owner);
  }

  async #insert({ tables, commits }: GrownRows): Promise<void> {
    await this.#owner.transaction().execute(async (trx) => {
      for (const [table, rows] of Object.entries(tables)) await insertJson(trx, table, rows);
      const waiting = commits.map((entries) => ({ entries, at: new Date() }));
      await insertJson(trx, 'ledger_pending', waiting);
    });
    while ((await this.#sequencer.step()).more);
  }
}

async function insertJson(
  db: Db,
  table: string,
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  if (!rows[0]) return;
  const columns = sql.join(Object.keys(rows[0]).map((name) => sql.ref(name)));
  const into = sql.table(table);
  await sql`insert into ${into} (${columns}) select ${columns}
    from jsonb_populate_recordset(null::${into}, ${JSON.stringify(rows)}::text::jsonb)`.execute(db);
}

/** What the log would say of parties that enrolled. */
async function logParties(db: Db): Promise<void> {
  const parties = await db.selectFrom('parties').select(['id', 'registration']).execute();
  const now = new Date();
  const entries = parties.flatMap(({ id: party, registration }) =>
    registration ? [{ party, registration: { ...registration } }] : [],
  );
  const at = toTimestamp(now);
  const texts = entries.map((detail) => jcs({ v: 1, type: 'party-registered', at, detail }));
  await insertPending(db, texts, now);
}

/** Nobody calls here: what guards and constraints refuse was never asked. */
const dropRules = `do $$ declare it record; begin
  for it in select conrelid::regclass as tab, conname from pg_constraint
    where contype in ('f', 'c') and connamespace = 'public'::regnamespace
    loop execute format('alter table %s drop constraint %I', it.tab, it.conname); end loop;
  for it in select tgrelid::regclass as tab, tgname from pg_trigger where not tgisinternal
    loop execute format('drop trigger %I on %s', it.tgname, it.tab); end loop;
end $$`;
