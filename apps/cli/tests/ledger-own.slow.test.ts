import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Entry } from '@recourse/protocol';
import { failureOf, LedgerFixture, random } from './ledger-fixture.ts';
import { Sandbox } from './sandbox.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await Sandbox.start();
  await (await LedgerFixture.of(sandbox)).recallOnce();
});
afterAll(() => sandbox.stop());

it('verifies what the ledger says of a platform that was told and answered', async () => {
  const run = await sandbox.run(['ledger', 'own', '--json'], 'Tubely');
  expect([run.code, run.stderr]).toEqual([0, '']);
  expect(JSON.parse(run.stdout)).toMatchObject({
    verified: true,
    disclosures: 1,
    recalls: 1,
    acknowledgements: 1,
    unverifiable: [],
  });
  const { code, stdout } = await sandbox.run(['ledger', 'own'], 'Tubely');
  expect([code, stdout]).toEqual([0, expect.stringContaining('acknowledgements')]);
});

it('names an entry about a disclosure to it that is opened to nobody', async () => {
  const ledger = await LedgerFixture.of(sandbox);
  const [told] = await sandbox.sql<{ entry: string }[]>`
    select entry from ledger_entries where entry::jsonb ->> 'type' = 'recall-acknowledged'`;
  const forged = { ...(JSON.parse(told?.entry ?? '') as Entry), digest: random(), ack: random() };
  await ledger.append([forged]);
  const run = await sandbox.run(['ledger', 'own', '--json'], 'Tubely');
  const code = 'opening-missing';
  expect([run.code, failureOf(run).code]).toEqual([1, code]);
  expect(failureOf(run).issues).toEqual([{ path: 'recall-acknowledged', code }]);
});

it('names an acknowledgement that no call stands behind, and keeps what shows it', async () => {
  const [row] = await sandbox.sql`
    delete from kept_calls k using acknowledgements a where a.kid = k.kid and a.jti = k.jti
    returning a.recall`;
  const evidence = sandbox.file('findings.json');
  const own = ['ledger', 'own', '--json', '--evidence', evidence];
  const run = await sandbox.run(own, 'Tubely');
  const code = 'acknowledgement-forged';
  expect(run.code).toBe(1);
  expect(failureOf(run).issues).toContainEqual({ path: row?.['recall'], code });
  expect(JSON.parse(readFileSync(evidence, 'utf8'))).toContainEqual(
    expect.objectContaining({ code, opening: expect.anything() }),
  );
});
