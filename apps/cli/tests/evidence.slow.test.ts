import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { row, writeNdjson } from './import-rows.ts';
import { linesOf, Sandbox } from './sandbox.ts';

let sandbox: Sandbox;
let sanction: string;
let journal: string;

beforeAll(async () => {
  sandbox = await Sandbox.start();
  const path = sandbox.file('packed.ndjson');
  writeFileSync(sandbox.file('capture.bin'), Buffer.from([0, 1, 2, 255]));
  const { evidence_text: _, ...byFile } = row(1, { evidence_file: 'capture.bin' });
  const second = row(1, { identifier: 'listed-1b.example', evidence_text: 'a second item' });
  writeNdjson(path, [byFile, second, row(2)]);
  await sandbox.run(['import', path, '--case-codes', sandbox.file('packed.codes')]);
  journal = `${path}.journal`;
  const codes = linesOf(sandbox.file('packed.codes'));
  sanction = String(codes.find(({ external_id: id }) => id === 'case-1')?.['sanction']);
});
afterAll(() => sandbox.stop());

interface EvidencePack {
  readonly items: { item: number; class: string; commitment: string; file: string }[];
}
interface PackVerdict {
  readonly held: boolean;
  readonly items: { item: number; verdict: string }[];
}

const pack = (name: string): Promise<EvidencePack> =>
  sandbox.json(['evidence', 'pack', sanction, '--journal', journal, '--out', sandbox.file(name)]);
const verify = async (name: string, ...more: string[]) => {
  const run = await sandbox.run(['evidence', 'verify', sandbox.file(name), ...more, '--json']);
  return { code: run.code, verified: JSON.parse(run.stdout) as PackVerdict };
};

describe('a pack of evidence', () => {
  it('holds the bytes that the import committed to, for its owner alone, and the statement fits', async () => {
    const { items } = await pack('first');
    expect(items.map(({ item }) => item)).toEqual([0, 1]);
    for (const { file } of items) {
      expect(statSync(sandbox.file(`first/${file}`)).mode & 0o777).toBe(0o600);
    }
    expect(statSync(sandbox.file('first')).mode & 0o777).toBe(0o700);
    const bytes = items.map(({ file }) => readFileSync(sandbox.file(`first/${file}`)));
    expect(bytes).toContainEqual(Buffer.from([0, 1, 2, 255]));
    const get = ['call', 'sanctions.get', JSON.stringify({ sanction })];
    const { result: record } = await sandbox.json<{ result: { statement: string } }>(get);
    const statement = sandbox.file('statement.jws');
    writeFileSync(statement, record.statement);
    const { code, verified } = await verify('first', '--statement', statement);
    expect([code, verified.items]).toMatchObject([0, [{ verdict: 'fits' }, { verdict: 'fits' }]]);
  });

  it('says of each item what is wrong with it', async () => {
    const { items } = await pack('second');
    const path = sandbox.file(`second/${items[1]?.file}`);
    writeFileSync(path, 'b second item');
    const wrong = await verify('second');
    expect([wrong.code, wrong.verified]).toMatchObject([
      4,
      { held: false, items: [{ verdict: 'fits' }, { verdict: 'wrong-bytes' }] },
    ]);
    const list = sandbox.file('list.json');
    const others = [items[1]?.commitment, items[1]?.commitment, items[0]?.commitment];
    writeFileSync(list, JSON.stringify(others));
    const { verified } = await verify('second', '--commitments', list);
    expect(verified.items.map(({ verdict }) => verdict)).toEqual([
      'not-committed-to',
      'wrong-bytes',
      'not-in-pack',
    ]);
  });

  it('is not made of other bytes than those committed to', async () => {
    writeFileSync(sandbox.file('other.bin'), 'other');
    const args = ['--journal', journal, '--bytes', sandbox.file('other.bin')];
    const run = await sandbox.run([
      'evidence',
      'pack',
      sanction,
      ...args,
      '--out',
      sandbox.file('none'),
    ]);
    expect(run.code).toBe(4);
    expect(() => statSync(sandbox.file('none'))).toThrow();
  });

  it('names no file outside its folder', async () => {
    await pack('third');
    const list = sandbox.file('third/pack.json');
    const text = readFileSync(list, 'utf8').replace('item-0.bin', '../capture.bin');
    writeFileSync(list, text, { mode: 0o600 });
    expect((await sandbox.run(['evidence', 'verify', sandbox.file('third')])).code).toBe(2);
  });

  it('is delivered to an appeal only as it was committed to', async () => {
    const { items } = await pack('fourth');
    writeFileSync(sandbox.file(`fourth/${items[0]?.file}`), 'wrong');
    const appeal = 'apl_01hzy3v7q8e9k4m5n6p7r8s9t0';
    const deliver = ['evidence', 'deliver', appeal, '--pack', sandbox.file('fourth'), '--json'];
    const run = await sandbox.run(deliver);
    expect([run.code, JSON.parse(run.stdout)]).toMatchObject([
      4,
      { error: { code: 'evidence-unfit' } },
    ]);
  });
});
