import { afterAll, beforeAll, expect, it } from 'vitest';
import { row, writeNdjson } from './import-rows.ts';
import { connected, openedBy } from './people.ts';
import { linesOf, Sandbox } from './sandbox.ts';

const inspection = 'itm_01hzy3v7q8e9k4m5n6p7r8s9t0';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await Sandbox.start();
  const path = sandbox.file('inspected.ndjson');
  writeNdjson(path, [row(1, { evidence_text: 'payer,amount' })]);
  const codes = sandbox.file('inspected.codes');
  await sandbox.run(['import', path, '--case-codes', codes]);
  const sanction = String(linesOf(codes)[0]?.['sanction']);
  const made = ['--journal', `${path}.journal`, '--out', sandbox.file('pack')];
  await sandbox.run(['evidence', 'pack', sanction, ...made]);
  // Drawn, as the owner of the schema writes it.
  await sandbox.sql`with r as (
      insert into reviews (id, sanction)
      select ${inspection}, id from sanctions where party = ${sandbox.party('Harbour')} order by id desc limit 1
      returning id, sanction
    )
    insert into inspections (id, sanction, why, opened_at, due_at)
    select id, sanction, 'drawn', now(), now() + interval '30 days' from r`;
});
afterAll(() => sandbox.stop());

it('the evidence of an inspection is delivered from a pack, once a reviewer has a key', async () => {
  const deliver = ['evidence', 'deliver', inspection, '--pack', sandbox.file('pack')];
  const early = await sandbox.json<{ error: { code: string } }>(deliver);
  expect(early.error.code).toBe('claim-missing');
  const reviewer = await connected(sandbox, 'Panel');
  expect(await reviewer.review.take()).toMatchObject({ inspection, why: 'drawn', keyed: true });
  const served = { appeal: inspection, items: [0], missing: [], serves: 1 };
  expect(await sandbox.json(deliver)).toEqual(served);
  const bytes = Buffer.from('payer,amount');
  expect(await openedBy(reviewer, inspection)).toEqual([{ fits: true, bytes }]);
});
