import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { row, writeNdjson } from './import-rows.ts';
import { appealed, connected, openedBy } from './people.ts';
import { linesOf, Sandbox } from './sandbox.ts';

vi.setConfig({ testTimeout: 180_000 });

const bytes = Buffer.from([0, 1, 2, 255]);
const text = 'GET /login: a page that asks for a seed phrase';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await Sandbox.start();
  writeFileSync(sandbox.file('capture.bin'), bytes);
});
afterAll(() => sandbox.stop());

interface Submitted {
  readonly sanction: string;
  readonly journal: string;
  readonly evidence: { readonly salt: string; readonly sha256: string }[];
}

/** A record with two items of evidence: a file, and a text. */
async function submitted(n: number): Promise<Submitted & { code: string }> {
  const { external_id: _, evidence_text: __, ...first } = row(n, { evidence_file: 'capture.bin' });
  const second = { ...first, identifier: `listed-${n}b.example`, evidence_text: text };
  const { evidence_file: ___, ...byText } = second;
  const file = sandbox.file(`${n}.json`);
  writeFileSync(file, JSON.stringify([first, byText]));
  const codes = sandbox.file(`${n}.codes`);
  const made = await sandbox.json<Submitted>(['submit', file, '--case-codes', codes]);
  return { ...made, code: String(linesOf(codes)[0]?.['case_code']) };
}

describe('what was submitted by the plain command can be shown when an appeal asks for it', () => {
  let record: Submitted & { code: string };

  it('leaves salts, commitments and where the files are, for their owner alone', async () => {
    record = await submitted(1);
    expect(statSync(record.journal).mode & 0o777).toBe(0o600);
    const journal = JSON.parse(readFileSync(record.journal, 'utf8')) as Submitted;
    expect(journal).toMatchObject({
      sanction: record.sanction,
      evidence: [
        { class: 'captured-artefact', from: sandbox.file('capture.bin') },
        { class: 'captured-artefact', from: expect.stringContaining('journal') },
      ],
    });
    expect(journal.evidence).toEqual(record.evidence);
  });

  it('is delivered from the journal with no further flag, opens, and fits', async () => {
    const now = new Date().toISOString();
    const notice = ['--channel', 'letter', '--language', 'en', '--sent-at', now];
    await sandbox.json(['notify', record.sanction, ...notice]);
    const appeal = await appealed(sandbox, record.code);
    const reviewer = await connected(sandbox, 'Panel');
    expect(await reviewer.review.take()).toMatchObject({ appeal });
    const delivered = await sandbox.json(['evidence', 'deliver', appeal]);
    expect(delivered).toMatchObject({ items: [0, 1], missing: [] });
    expect(await openedBy(reviewer, appeal)).toEqual([
      { fits: true, bytes },
      { fits: true, bytes: Buffer.from(text) },
    ]);
  });
});

describe('what a colleague shared', () => {
  /** As on another machine: nothing was kept here. */
  const elsewhere = ({ journal }: Submitted): void => renameSync(journal, `${journal}.elsewhere`);
  const pack = (sanction: string, out: string) =>
    sandbox.run(
      ['evidence', 'pack', sanction, '--out', sandbox.file(out), '--json'],
      'Harbour:admin',
    );

  it('makes a pack while its author is away', async () => {
    const before = await submitted(11);
    elsewhere(before);
    expect(await pack(before.sanction, 'pack-before')).toMatchObject({ code: 2 });
    await sandbox.json(['evidence', 'join'], 'Harbour:admin');
    const record = await submitted(12);
    expect(record).toMatchObject({ colleagues: 1 });
    elsewhere(record);
    expect(await pack(record.sanction, 'pack-shared')).toMatchObject({ code: 0 });
  });

  it('is shared by its author with who joined later', async () => {
    const { sanction, journal } = await submitted(13);
    await sandbox.json(['evidence', 'share', sanction]);
    elsewhere({ sanction, journal, evidence: [] });
    expect(await pack(sanction, 'pack-later')).toMatchObject({ code: 0 });
  });
});

describe('a pack', () => {
  it('is made by the id alone, by any colleague with this journal, and again', async () => {
    const { sanction } = await submitted(2);
    const pack = ['evidence', 'pack', sanction, '--out', sandbox.file('pack')];
    const made = await sandbox.json(pack, 'Harbour:admin');
    expect(made).toMatchObject({ items: [{ item: 0 }, { item: 1 }] });
    expect(await sandbox.json(pack)).toEqual(made);
  });

  it('of a record that was imported is made by the id alone', async () => {
    const path = sandbox.file('imported.ndjson');
    writeNdjson(path, [row(3)]);
    const codes = sandbox.file('imported.codes');
    await sandbox.json(['import', path, '--case-codes', codes]);
    const pack = ['evidence', 'pack', String(linesOf(codes)[0]?.['sanction'])];
    const made = await sandbox.json([...pack, '--out', sandbox.file('pack-imported')]);
    expect(made).toMatchObject({ items: [{ class: 'captured-artefact' }] });
  });

  it('says which file is missing, and takes it from where it was moved to', async () => {
    const { sanction, evidence } = await submitted(4);
    const moved = sandbox.file('moved.bin');
    renameSync(sandbox.file('capture.bin'), moved);
    const pack = ['evidence', 'pack', sanction, '--out', sandbox.file('pack-moved')];
    const failed = await sandbox.run([...pack, '--json']);
    const { error } = JSON.parse(failed.stdout) as { error: { message: string; next: string } };
    expect([failed.code, error.message, error.next]).toEqual([
      4,
      expect.stringContaining(sandbox.file('capture.bin')),
      expect.stringContaining(evidence[0]?.sha256 ?? ''),
    ]);
    expect((await sandbox.run([...pack, '--bytes', moved])).code).toBe(0);
  });
});
