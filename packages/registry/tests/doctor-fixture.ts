import { jcs, toTimestamp, type Entry, type Json } from '@recourse/protocol';
import type { NoteSigner, VerifierKey } from '@recourse/ledger';
import { insertPending, Sequencer, type Db, type Difference, type Vault } from '@recourse/registry';
import type { TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { startAppealRegistry } from './appeals-harness.ts';
import { makeHistory } from './doctor-history.ts';
import { drain, newSigner, signing } from './ledger-fixture.ts';
import { comparePart } from '../src/readers/doctor/diagnose.ts';
import { whole } from '../src/readers/doctor/part.ts';

/** The parties of a test, or one of them, were registered by nobody: here they are, as the log would have them. */
export async function logSeeds({
  db,
  now,
  party: only,
}: Pick<TestRegistry, 'db'> & { now: Date; party?: string }): Promise<void> {
  const at = toTimestamp(now);
  const entry = (type: Entry['type'], detail: Record<string, Json>): string =>
    jcs({ v: 1, type, at, detail });
  const parties = await db
    .selectFrom('parties')
    .selectAll()
    .$if(only !== undefined, (all) => all.where('id', '=', only!))
    .execute();
  const holders = await db
    .selectFrom('holders')
    .select('id')
    .where('party', '=', 'panel')
    .$if(only !== undefined, (all) => all.where('party', '=', only!))
    .execute();
  const keys = await db
    .selectFrom('keys')
    .select(['party', 'kid', 'holder', 'role', 'admin', 'position', 'statement'])
    .$if(only !== undefined, (all) => all.where('party', '=', only!))
    .orderBy('position')
    .execute();
  await insertPending(
    db,
    [
      ...parties.flatMap(({ id: party, registration, submissions_per_day, enabled_reasons }) => [
        ...(registration
          ? [entry('party-registered', { party, registration: { ...registration } })]
          : []),
        ...(submissions_per_day === null
          ? []
          : [entry('limits', { party, submissionsPerDay: submissions_per_day })]),
        entry('taxonomy', { taxonomy: '1', party, enabled: enabled_reasons }),
      ]),
      ...keys.map((key) => entry('key-added', { ...key })),
      ...holders.map(({ id: holder }) =>
        entry('reviewer-added', {
          holder,
          termUntil: null,
          languages: [],
          optOut: [],
          affiliations: [],
        }),
      ),
    ],
    now,
  );
}

/** A registry that was used, with what was signed of its log. */
export interface ExaminedRegistry {
  readonly registry: TestRegistry;
  readonly signer: NoteSigner;
  readonly notes: string[];
}

export async function startExamined(): Promise<ExaminedRegistry> {
  // Tests take the first row of a table.
  const registry = await startAppealRegistry({ unused: true });
  const signer = await newSigner();
  const notes: string[] = [];
  await logSeeds({ db: registry.db, now: registry.now() });
  await makeHistory(registry);
  await drain(new Sequencer(registry.db));
  await signing(registry.db, signer, notes);
  // What waits for the sequencer is of the log, too.
  const { service } = registry.parties.harbour;
  await registry.call(service, 'sanctions.list', {});
  return { registry, signer, notes };
}

/** The kind of a difference with the table and what of it, or the place in the log. */
export const named = (differences: readonly Difference[]): string[] => [
  ...new Set(
    differences.map(({ code, table, what }) => [code, table, what].filter(Boolean).join(' ')),
  ),
];

/** A rule that holds nobody who owns the schema. */
export const dropRules = `do $$ declare it record; begin
  for it in select conrelid::regclass as tab, conname from pg_constraint
    where contype in ('f', 'c') and connamespace = 'public'::regnamespace order by contype desc
    loop execute format('alter table %s drop constraint %I', it.tab, it.conname); end loop;
  for it in select tgrelid::regclass as tab, tgname from pg_trigger where not tgisinternal
    loop execute format('drop trigger %I on %s', it.tgname, it.tab); end loop;
end $$`;

class Undo extends Error {}

/** What the doctor says after the owner of the schema has done this; it is undone then. */
export async function found(
  { registry }: Pick<ExaminedRegistry, 'registry'>,
  trusted: { key: VerifierKey; outside?: string[]; vault?: Vault },
  statements: readonly string[],
): Promise<Difference[]> {
  const differences: Difference[] = [];
  const look = async (db: Db): Promise<void> => {
    if (statements.length > 0) await sql.raw(dropRules).execute(db);
    for (const statement of statements) {
      const { numAffectedRows = 1n } = await sql.raw(statement).execute(db);
      if (numAffectedRows === 0n) throw new Error(`nothing to do: ${statement}`);
    }
    await comparePart(db, whole, {
      vault: registry.services.vault,
      outside: [],
      ...trusted,
      onDifference: (difference) => differences.push(difference),
      onProgress: () => {},
    });
    throw new Undo();
  };
  await registry.ownerDb
    .transaction()
    .execute(look)
    .catch((error: unknown) => {
      if (!(error instanceof Undo)) throw error;
    });
  return differences;
}
