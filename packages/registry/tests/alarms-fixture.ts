import { setTimeout as delay } from 'node:timers/promises';
import { settleDue, type Services } from '@recourse/registry';
import type { TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { PgBoss } from 'pg-boss';
import { alarmQueue } from '../src/scheduler/alarm-queue.ts';
import { Alarms, alarmKey, type Alarm } from '../src/scheduler/alarms.ts';
import { bossDatabase } from '../src/scheduler/boss-database.ts';

export interface Ringing {
  readonly givenUp: Alarm[];
  readonly failures: unknown[];
  runs: number;
  stop(): Promise<void>;
}

/** Alarm clocks of one server, as the service role, looking every half second. */
export async function ring(
  services: Services,
  of: { sweep?: () => Promise<unknown> } = {},
): Promise<Ringing> {
  const givenUp: Alarm[] = [];
  const failures: unknown[] = [];
  const alarms = new Alarms({
    services,
    sweep: async () => {
      ringing.runs++;
      await of.sweep?.();
      const settled = await settleDue(services);
      return { isWhole: true, failed: new Set(settled.failures.map(alarmKey)) };
    },
    onGivenUp: (alarm) => givenUp.push(alarm),
    onFailure: (error) => failures.push(error),
    everySeconds: 0.5,
  });
  const ringing: Ringing = { givenUp, failures, runs: 0, stop: () => alarms.stop() };
  await alarms.start();
  return ringing;
}

/** Lets the clock of pg-boss show what that of the registry shows, and stand still there. */
export async function moveAlarms(registry: TestRegistry): Promise<void> {
  await sql
    .raw(
      `create or replace function pgboss.job_now() returns timestamptz language sql stable as
        $$ select timestamptz '${registry.now().toISOString()}' $$`,
    )
    .execute(registry.ownerDb);
}

/** What pg-boss does each minute, as the service role: above all it takes back what a server has had for too long. */
export async function upkeep(registry: TestRegistry): Promise<void> {
  const boss = new PgBoss({
    db: bossDatabase(registry.db),
    migrate: false,
    supervise: false,
    schedule: false,
    registerInstance: false,
  });
  boss.on('error', (error) => {
    throw error;
  });
  await boss.start();
  await boss.supervise(alarmQueue);
  await boss.stop({ close: false });
}

export interface AlarmRow {
  readonly kind: string;
  readonly id: string;
  readonly at: Date;
  readonly state: string;
}

export async function alarmsOf(registry: TestRegistry, id?: string): Promise<AlarmRow[]> {
  const { rows } = await sql<AlarmRow>`
    select data ->> 'kind' as kind, data ->> 'id' as id, start_after as at, state::text
    from pgboss.job where ${id ?? null}::text is null or data ->> 'id' = ${id ?? null}
    order by start_after`.execute(registry.db);
  return rows;
}

/** Waits until no alarm is due. */
export async function quiet(registry: TestRegistry): Promise<void> {
  for (let i = 0; i < 600; i++) {
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from pgboss.job
      where state < 'completed' and start_after <= pgboss.job_now()`.execute(registry.db);
    if (rows[0]?.n === 0) return;
    await delay(50);
  }
  throw new Error('alarms are still due');
}
