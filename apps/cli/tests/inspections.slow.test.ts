import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { row, writeNdjson } from './import-rows.ts';
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
});
afterAll(() => sandbox.stop());

/** Drawn, as the owner of the schema writes it. */
const draw = () =>
  sandbox.sql`with r as (
      insert into reviews (id, sanction)
      select ${inspection}, id from sanctions where party = ${sandbox.party('Harbour')} order by id desc limit 1
      returning id, sanction
    )
    insert into inspections (id, sanction, why, opened_at, due_at)
    select id, sanction, 'drawn', now(), now() + interval '30 days' from r`;

it('none is open, and none waits', async () => {
  expect(await sandbox.json(['appeals', 'list'])).toEqual({ appeals: [], inspections: [] });
  expect(await sandbox.json(['review', 'take'], 'Panel')).toEqual({ taken: null });
});

it('an inspection is taken like an appeal, and its evidence delivered from a pack', async () => {
  await draw();
  const deliver = ['evidence', 'deliver', inspection, '--pack', sandbox.file('pack')];
  const early = await sandbox.json<{ error: { code: string } }>(deliver);
  expect(early.error.code).toBe('claim-missing');
  const taken = await sandbox.json(['review', 'take'], 'Panel');
  expect(taken).toMatchObject({ taken: { inspection, why: 'drawn', keyed: true } });
  const listed = await sandbox.run(['appeals', 'list']);
  expect(listed.stdout).toContain(inspection);
  const owed = await sandbox.run(['appeals', 'get', inspection]);
  expect(owed.stdout).toContain(`recourse evidence deliver ${inspection}`);
  expect(await sandbox.json(deliver)).toEqual({
    appeal: inspection,
    items: [0],
    missing: [],
    serves: 1,
  });
});

it('is read and opened by its reviewer, who claims of nothing that fits that it does not', async () => {
  const queue = await sandbox.run(['review', 'queue'], 'Panel');
  expect(queue.stdout).toContain('inspection: drawn');
  const shown = await sandbox.run(['review', 'get', inspection], 'Panel');
  expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining('delivered')]);
  const open = ['review', 'evidence', inspection, '--out', sandbox.file('opened'), '--confirm'];
  const opened = await sandbox.json<{ items: { fits: boolean; file: string }[] }>(open, 'Panel');
  expect(opened).toMatchObject({ items: [{ fits: true }] });
  expect(readFileSync(opened.items[0]?.file ?? '', 'utf8')).toBe('payer,amount');
  const dispute = ['review', 'evidence', inspection, '--dispute', '0'];
  const fits = await sandbox.json<{ error: { code: string } }>(dispute, 'Panel');
  expect(fits.error.code).toBe('evidence-fits');
});

it('is decided like an appeal', async () => {
  const reasons = ['--reasons-file', sandbox.file('inspected.ndjson')];
  const decide = ['review', 'decide', inspection, '--outcome', 'passed', ...reasons];
  expect(await sandbox.json(decide, 'Panel')).toEqual({
    appeal: inspection,
    state: 'decided',
    outcome: 'passed',
    recalls: 0,
  });
  expect(await sandbox.json(['review', 'recheck'], 'Panel')).toEqual({ rechecked: null });
});
