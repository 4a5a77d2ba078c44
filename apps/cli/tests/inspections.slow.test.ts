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
async function draw(): Promise<void> {
  const { sql } = sandbox;
  await sql`insert into panel_items (id, kind, party, sanction, votes, opened_at, due_at)
    select ${inspection}, 'inspection', party, id, 1, now(), now() + interval '30 days' from sanctions
    where party = ${sandbox.party('Harbour')} order by id desc limit 1`;
  await sql`insert into inspections (item, sanction, why)
    select id, sanction, 'drawn' from panel_items where id = ${inspection}`;
}

it('none is open, and none waits', async () => {
  expect(await sandbox.json(['inspections', 'list'])).toEqual({ inspections: [] });
  expect(await sandbox.json(['review', 'inspection', 'take'], 'Panel')).toEqual({ taken: null });
});

it('an inspection is taken, and its evidence delivered from a pack', async () => {
  await draw();
  const deliver = ['inspections', 'deliver', inspection, '--pack', sandbox.file('pack')];
  const early = await sandbox.json<{ error: { code: string } }>(deliver);
  expect(early.error.code).toBe('claim-missing');
  const taken = await sandbox.json(['review', 'inspection', 'take'], 'Panel');
  expect(taken).toMatchObject({ taken: { item: inspection, why: 'drawn', keyed: true } });
  const listed = await sandbox.run(['inspections', 'list']);
  expect(listed.stdout).toContain('recourse inspections deliver INSPECTION');
  expect(await sandbox.json(deliver)).toEqual({ item: inspection, places: [0], missing: [] });
});

it('is read and opened by its reviewer, who claims of nothing that fits that it does not', async () => {
  const shown = await sandbox.run(['review', 'inspection', 'get', inspection], 'Panel');
  expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining('delivered')]);
  const open = ['review', 'inspection', 'evidence', inspection, '--out', sandbox.file('opened')];
  const opened = await sandbox.json<{ items: { fits: boolean; file: string }[] }>(open, 'Panel');
  expect(opened).toMatchObject({ items: [{ fits: true }] });
  expect(readFileSync(opened.items[0]?.file ?? '', 'utf8')).toBe('payer,amount');
  const dispute = ['review', 'inspection', 'evidence', inspection, '--dispute', '0'];
  const fits = await sandbox.json<{ error: { code: string } }>(dispute, 'Panel');
  expect(fits.error.code).toBe('evidence-fits');
});

it('is among what a reviewer is asked, and is voted on', async () => {
  const items = await sandbox.run(['review', 'items'], 'Panel');
  expect(items.stdout).toContain(`recourse review inspection get ${inspection}`);
  const reasons = ['--reasons-file', sandbox.file('inspected.ndjson')];
  const vote = ['review', 'vote', inspection, '--outcome', 'passed', ...reasons];
  expect(await sandbox.json(vote, 'Panel')).toEqual({
    item: inspection,
    state: 'closed',
    outcome: 'passed',
  });
  expect(await sandbox.json(['review', 'recheck'], 'Panel')).toEqual({ rechecked: null });
});
