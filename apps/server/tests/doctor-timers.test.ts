import { connect, type Db } from '@recourse/registry';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runDoctor } from '../src/doctor/run-doctor.ts';
import { newHome, type TestHome } from './run-server.ts';

let home: TestHome;
let env: Record<string, string>;
let owner: Db;
let stop: () => Promise<void>;
beforeAll(async () => {
  home = await newHome();
  env = await home.environment();
  ({ stop } = await home.start());
  owner = connect({ url: env['DATABASE_OWNER_URL']!, connections: 1 });
});
afterAll(async () => {
  await owner.destroy();
  await home.close();
});

async function doctor(args: readonly string[]) {
  let output = '';
  const out = { write: (text: string) => void (output += text) };
  const exit = await runDoctor({ env, args, out, progress: { write: () => undefined } });
  return { exit, said: output };
}

interface Report {
  due: Record<string, number>;
  late: number;
  failing: { kind: string; error: string; n: number; failures: number }[];
  isWell: boolean;
}

const report = async (): Promise<{ exit: number; report: Report }> => {
  const { exit, said } = await doctor(['--timers', '--json']);
  return { exit, report: JSON.parse(said) as Report };
};

test('an operator sees that nothing due waits while a server runs', async () => {
  await expect
    .poll(async () => (await report()).report.due['sanctions'], { timeout: 50_000 })
    .toBe(0);
  const { exit, report: well } = await report();
  expect(exit).toBe(0);
  expect(well).toMatchObject({ late: 0, failing: [], isWell: true });
  expect(Object.keys(well.due)).toEqual(
    expect.arrayContaining(['sanctions', 'recalls', 'outcomes']),
  );
});

test('a step that cannot be written, and a timer that nobody looks at, are no good sign', async () => {
  await sql`insert into due_failures values ('sanctions', 'snc_x', 3, now() + interval '1 hour', 'vault-sealed')`.execute(
    owner,
  );
  expect(await report()).toMatchObject({
    exit: 1,
    report: {
      isWell: false,
      failing: [{ kind: 'sanctions', error: 'vault-sealed', n: 1, failures: 3 }],
    },
  });
  const { said: failing } = await doctor(['--timers']);
  expect(failing).toContain('1  sanctions cannot be written: vault-sealed, up to 3 times');
  await sql`delete from due_failures`.execute(owner);
  await stop();
  await sql`insert into authority_demands
    select 'dmd_' || repeat('0', 26), id, 'check', '2026-Q1', 1, 1, 0,
      now() - interval '2 hours', now() - interval '1 hour', false
    from parties where id like 'plt\\_%' limit 1`.execute(owner);
  const { exit, said } = await doctor(['--timers']);
  expect(exit).toBe(1);
  expect(said).toContain('1  timers ran out 10 minutes ago or earlier');
});

test('a doctor looks at one thing, and says at which', async () => {
  for (const args of [[], ['--timers', '--ledger'], ['--timer']]) {
    await expect(doctor(args)).rejects.toMatchObject({ code: 'config_invalid' });
  }
});

test('a schema that this release does not know is named, and nothing is read of it', async () => {
  const unknown = sql`insert into kysely_migration (name, timestamp)
    values ('9998-later', 'x'), ('9999-later', 'x')`;
  await unknown.execute(owner);
  for (const args of [['--timers'], ['--ledger']])
    await expect(doctor(args)).rejects.toMatchObject({ code: 'schema_too_new' });
  await sql`delete from kysely_migration where timestamp = 'x'`.execute(owner);
  await sql`alter table kysely_migration rename to of_nobody`.execute(owner);
  await expect(doctor(['--timers'])).rejects.toMatchObject({
    code: expect.stringMatching(/^schema_/),
  });
  await sql`alter table of_nobody rename to kysely_migration`.execute(owner);
});
