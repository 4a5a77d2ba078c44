import { newId } from '@recourse/protocol';
import { Changes } from '../commit/changes.ts';
import { commitChanges, noCaller } from '../commit/commit-changes.ts';
import { assertReached, type LogMemory } from '../commit/extent-store.ts';
import type { Db } from '../kernel/database.ts';
import { retrying } from '../kernel/retry.ts';
import { writeNextInstants } from './next-instant.ts';
import type { CaseServices, TransitionContext } from './transition-context.ts';

interface OwnServices extends CaseServices {
  readonly db: Db;
  readonly clock: () => Date;
  /** None of a recovery, which works on an old copy */
  readonly ledger?: LogMemory;
}

/**
 * Changes that nobody called for, in a transaction of their own. Their entries are written with them whatever the work
 * returns, and are opened to the case, and to whom a pair names. @throws Problem `recovering` where the database was rolled back
 */
export const onItsOwn = <T, S extends OwnServices>(
  services: S,
  work: (ctx: TransitionContext & { readonly services: S }) => Promise<T>,
): Promise<T> =>
  retrying(() =>
    services.db.transaction().execute(async (db) => {
      if (services.ledger) await assertReached(db, services.ledger, noCaller);
      const now = services.clock();
      const unique = (): string => newId('evd', { now, random: services.random });
      const ctx = { services, db, now, changes: new Changes({ caller: noCaller, now, unique }) };
      const done = await work(ctx);
      await commitChanges(ctx);
      await writeNextInstants(ctx);
      return done;
    }),
  );
