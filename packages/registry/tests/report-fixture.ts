import type { TransparencyReport } from '@recourse/protocol';
import type { TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { dropRules } from './doctor-fixture.ts';
import { makeReport } from '../src/readers/report/make-report.ts';

export const stated = { panelPaidBy: 'Its members' };

class Undo extends Error {}

/** The report after the owner of the schema has done this; it is undone then. */
export async function report(
  { ownerDb, services }: TestRegistry,
  ...statements: string[]
): Promise<TransparencyReport> {
  let made: TransparencyReport | undefined;
  await ownerDb
    .transaction()
    .execute(async (db) => {
      if (statements.length > 0) await sql.raw(dropRules).execute(db);
      for (const statement of statements) {
        const { numAffectedRows = 0n } = await sql.raw(statement).execute(db);
        if (numAffectedRows === 0n) throw new Error(`nothing to do: ${statement}`);
      }
      made = await makeReport(db, services, stated);
      throw new Undo();
    })
    .catch((error: unknown) => {
      if (!(error instanceof Undo)) throw error;
    });
  return made!;
}
