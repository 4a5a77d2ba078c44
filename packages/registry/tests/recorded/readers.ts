import { createHash } from 'node:crypto';
import type { TransparencyReport } from '@recourse/protocol';
import { fromBase64url, fromUtf8, logVerifierKey } from '@recourse/protocol';
import type { VerifierKey } from '@recourse/ledger';
import {
  connect,
  deadlinesOf,
  recoverLedger,
  Vault,
  type ComparedTable,
  type Db,
  type Difference,
  type RecoveryResult,
} from '@recourse/registry';
import { type FreshDatabase, freshDatabase, testOrigin, workerPostgres } from '@recourse/testkit';
import { sql } from 'kysely';
import { stated } from '../report-fixture.ts';
import { copyOf } from '../recovery-files.ts';
import { writeNextOf } from '../../src/records/next-instant.ts';
import { comparePart } from '../../src/readers/doctor/diagnose.ts';
import { whole } from '../../src/readers/doctor/part.ts';
import { keepCounting } from '../../src/readers/report/count-log.ts';
import { makeReport } from '../../src/readers/report/make-report.ts';
import { copyDatabase, loadDatabase, type DatabaseCopy } from './database-copy.ts';
import { changesBetween, type RowChanges } from './row-changes.ts';
import type { Recording } from './recording.ts';

/** A copy of the database of a recording in a database of its own, with what reads it. */
export class Loaded {
  readonly db: Db;
  readonly #recording: Recording;
  readonly #database: FreshDatabase;
  readonly #vault: Vault;

  private constructor(recording: Recording, database: FreshDatabase) {
    this.#recording = recording;
    this.#database = database;
    this.#vault = new Vault(fromBase64url(recording.keys.vaultKey));
    this.db = connect({ url: database.ownerUrl, connections: 2 });
  }

  static async of(recording: Recording, copy: DatabaseCopy): Promise<Loaded> {
    const database = await freshDatabase();
    const { pathname } = new URL(database.url);
    const admin = Object.assign(new URL(workerPostgres().adminUrl), { pathname });
    await loadDatabase(admin.href, copy);
    const loaded = new Loaded(recording, database);
    // These follow from the rows, and came later than some recordings.
    await sql`update ends set texts = null from sanctions s
      where s.id = ends.sanction and s.texts_erased_at is not null`.execute(loaded.db);
    const records = await loaded.db.selectFrom('sanctions').select('id').execute();
    await writeNextOf(
      loaded.db,
      records.map(({ id }) => id),
    );
    return loaded;
  }

  async doctor(): Promise<{ differences: Difference[]; compared: ComparedTable[] }> {
    const differences: Difference[] = [];
    const input = {
      vault: this.#vault,
      key: logKeyOf(this.#recording),
      outside: [noteOf(this.#recording)],
      onDifference: (difference: Difference) => differences.push(difference),
      onProgress: () => {},
    };
    const { compared } = await this.db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute((trx) => comparePart(trx, whole, input));
    return { differences, compared };
  }

  report(): Promise<TransparencyReport> {
    const { db } = this;
    const services = { db, vault: this.#vault, clock: this.#clock, deadlines };
    return db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute((trx) => makeReport(trx, services, stated));
  }

  /** Counts the log for the report, so many entries a commit. @returns a digest of the figures */
  async count(atOnce: number): Promise<string> {
    const { recallHours } = deadlines;
    const db = connect({ url: this.#database.url, connections: 1 });
    await keepCounting(db, { vault: this.#vault, recallHours, atOnce });
    await db.destroy();
    const { rows } = await sql`select figure, party, reason, period, days, n from report_cells
      order by figure, party, reason, period, days`.execute(this.db);
    return createHash('sha256').update(JSON.stringify(rows)).digest('hex').slice(0, 16);
  }

  /** Brings an old copy up to date with the recorded log. @returns what that changed, beside the log itself */
  async recover(): Promise<RecoveryResult & { changes: Record<string, RowChanges> }> {
    const { ownerUrl } = this.#database;
    const before = await copyDatabase(ownerUrl);
    const recovered = await recoverLedger({
      services: {
        db: this.db,
        origin: testOrigin,
        clock: this.#clock,
        random: randomFrom('recorded'),
        vault: this.#vault,
        deadlines,
      },
      log: logKeyOf(this.#recording),
      outside: [noteOf(this.#recording)],
      copy: copyOf(this.#recording.files),
    });
    // Thousands of hashes: the entry `restored` has their root.
    const { ledger_losses: _, ...changes } = changesBetween(before, await copyDatabase(ownerUrl));
    return { ...recovered, changes };
  }

  async drop(): Promise<void> {
    await this.db.destroy();
    await this.#database.drop();
  }

  /** It stands still. */
  readonly #clock = (): Date => new Date(this.#recording.keys.endedAt);
}

const deadlines = deadlinesOf({}, { sandbox: false });

export const logKeyOf = ({ keys }: Recording): VerifierKey => {
  const { d: _, ...jwk } = keys.logKey;
  if (jwk.kty !== 'OKP') throw new TypeError('not Ed25519');
  return logVerifierKey(testOrigin, jwk);
};

/** The newest checkpoint: what was kept outside the database */
const noteOf = ({ files }: Recording): string => fromUtf8(files.get('checkpoint')!);

/** Bytes that are the same in every run: ids that a recovery makes are compared, too. */
function randomFrom(seed: string): (size: number) => Uint8Array {
  let n = 0;
  return (size) => createHash('sha512').update(`${seed} ${n++}`).digest().subarray(0, size);
}
