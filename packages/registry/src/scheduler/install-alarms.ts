import { PgBoss } from 'pg-boss';
import type { Db } from '../kernel/database.ts';
import { alarmQueue } from './alarm-queue.ts';
import { bossDatabase } from './boss-database.ts';

/** Creates the schema of pg-boss and its queue, or brings them up to date, as the owner. Safe to run twice, and at once. */
export async function installAlarms(ownerDb: Db): Promise<void> {
  const db = bossDatabase(ownerDb);
  const boss = new PgBoss({ db, supervise: false, schedule: false, registerInstance: false });
  await boss.start();
  await boss.createQueue(alarmQueue);
  await boss.stop({ close: false });
}
