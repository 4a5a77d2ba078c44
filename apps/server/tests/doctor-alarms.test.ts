import { connect, type Db } from '@recourse/registry';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runDoctor } from '../src/doctor/run-doctor.ts';
import { newHome, type TestHome } from './run-server.ts';

let home: TestHome;
let env: Record<string, string>;
let owner: Db;
beforeAll(async () => {
  home = await newHome();
  env = await home.environment();
  await home.start();
  owner = connect({ url: env['DATABASE_OWNER_URL']!, connections: 1 });
});
afterAll(async () => {
  await owner.destroy();
  await home.close();
});

async function doctor(args: readonly string[]) {
  let said = '';
  const out = { write: (text: string) => void (said += text) };
  const exit = await runDoctor({ env, args, out, progress: { write: () => undefined } });
  return { exit, said };
}

interface Report {
  alarms: { pending: number; overdue: number; oldestOverdue: string | null; failed: number };
  due: Record<string, number>;
  isWell: boolean;
}

const report = async (): Promise<{ exit: number; report: Report }> => {
  const { exit, said } = await doctor(['--alarms', '--json']);
  return { exit, report: JSON.parse(said) as Report };
};

test('an operator sees the alarms that are set, and that a server rings them', async () => {
  await expect
    .poll(async () => (await report()).report.alarms.overdue, { timeout: 50_000 })
    .toBe(0);
  const { exit, report: well } = await report();
  expect(exit).toBe(0);
  expect(well.alarms.pending).toBeGreaterThan(0);
  expect(Object.keys(well.due)).toEqual(
    expect.arrayContaining(['sanctions', 'recalls', 'outcomes']),
  );
});

test('an alarm that nobody rings, and one that was given up, are no good sign', async () => {
  const [first, other] = (
    await sql<{ id: string }>`select id from pgboss.job where state = 'created' limit 2`.execute(
      owner,
    )
  ).rows;
  await sql`update pgboss.job set state = 'failed', completed_on = now() where id = ${first!.id}`.execute(
    owner,
  );
  expect(await report()).toMatchObject({
    exit: 1,
    report: { isWell: false, alarms: { failed: 1 } },
  });
  await sql`delete from pgboss.job where id = ${first!.id}`.execute(owner);
  await sql`update pgboss.job set state = 'active', start_after = now() - interval '1 hour'
    where id = ${other!.id}`.execute(owner);
  const { exit, said } = await doctor(['--alarms']);
  expect(exit).toBe(1);
  expect(said).toContain('the oldest for 60 min');
});

test('a doctor looks at one thing, and says at which', async () => {
  for (const args of [[], ['--alarms', '--ledger'], ['--alarm']]) {
    await expect(doctor(args)).rejects.toMatchObject({ code: 'config_invalid' });
  }
});
