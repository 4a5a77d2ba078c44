import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { row, writeNdjson } from './import-rows.ts';
import { linesOf, Sandbox } from './sandbox.ts';

const audit = 'itm_01hzy3v7q8e9k4m5n6p7r8s9t0';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await Sandbox.start();
  const path = sandbox.file('audited.ndjson');
  writeNdjson(path, [row(1, { evidence_text: 'payer,amount' })]);
  const codes = sandbox.file('audited.codes');
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
    select ${audit}, 'audit', party, id, 1, now(), now() + interval '30 days' from sanctions
    where party = ${sandbox.party('Harbour')} order by id desc limit 1`;
  await sql`insert into audits (item, sanction, why)
    select id, sanction, 'drawn' from panel_items where id = ${audit}`;
}

it('none is open, and none waits', async () => {
  expect(await sandbox.json(['audits', 'list'])).toEqual({ audits: [] });
  expect(await sandbox.json(['review', 'audit', 'take'], 'Panel')).toEqual({ taken: null });
});

it('an audit is taken, and its evidence delivered from a pack', async () => {
  await draw();
  const deliver = ['audits', 'deliver', audit, '--pack', sandbox.file('pack')];
  const early = await sandbox.json<{ error: { code: string } }>(deliver);
  expect(early.error.code).toBe('claim-missing');
  const taken = await sandbox.json(['review', 'audit', 'take'], 'Panel');
  expect(taken).toMatchObject({ taken: { item: audit, why: 'drawn', keyed: true } });
  const listed = await sandbox.run(['audits', 'list']);
  expect(listed.stdout).toContain('recourse audits deliver AUDIT');
  expect(await sandbox.json(deliver)).toEqual({ item: audit, places: [0], missing: [] });
});

it('is read and opened by its reviewer, who claims of nothing that fits that it does not', async () => {
  const shown = await sandbox.run(['review', 'audit', 'get', audit], 'Panel');
  expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining('delivered')]);
  const open = ['review', 'audit', 'evidence', audit, '--out', sandbox.file('opened')];
  const opened = await sandbox.json<{ items: { fits: boolean; file: string }[] }>(open, 'Panel');
  expect(opened).toMatchObject({ items: [{ fits: true }] });
  expect(readFileSync(opened.items[0]?.file ?? '', 'utf8')).toBe('payer,amount');
  const dispute = ['review', 'audit', 'evidence', audit, '--dispute', '0'];
  const fits = await sandbox.json<{ error: { code: string } }>(dispute, 'Panel');
  expect(fits.error.code).toBe('evidence-fits');
});

it('is among what a reviewer is asked, and is voted on', async () => {
  const items = await sandbox.run(['review', 'items'], 'Panel');
  expect(items.stdout).toContain(`recourse review audit get ${audit}`);
  const reasons = ['--reasons-file', sandbox.file('audited.ndjson')];
  const vote = ['review', 'vote', audit, '--outcome', 'passed', ...reasons];
  expect(await sandbox.json(vote, 'Panel')).toEqual({
    item: audit,
    state: 'closed',
    outcome: 'passed',
  });
  expect(await sandbox.json(['review', 'recheck'], 'Panel')).toEqual({ rechecked: null });
});
