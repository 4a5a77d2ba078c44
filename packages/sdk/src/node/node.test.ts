import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newSealingKey } from '../evidence/seal.ts';
import { appealA, sanctionA } from '../../tests/fake-registry.ts';
import type { SubmissionIntent } from '../sanctions/outbox.ts';
import { fileOutbox, filePins, fileSealingKeys, fileSource } from './index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recourse-sdk-'));
});
afterEach(() => rm(folder, { recursive: true }));

const intent: SubmissionIntent = {
  version: 1,
  op: 'sanctions.submit',
  sanction: sanctionA,
  input: {
    statement: 'a.b.c',
    tokens: [],
    padding: [],
    account: { text: 'x', salt: 'y' },
    caseKey: 'z',
  },
  caseCode: 'secret',
  evidence: [],
  subjects: [],
};

describe('files that outlive the process', () => {
  it('keeps pins, also when many are set at once', async () => {
    const path = join(folder, 'pins.json');
    const pins = filePins(path);
    await Promise.all([pins.set('a', '1'), pins.set('b', '2')]);
    const again = filePins(path);
    expect([await again.get('a'), await again.get('b'), await again.get('c')]).toEqual([
      '1',
      '2',
      undefined,
    ]);
  });

  it('does not start over when the pins cannot be read', async () => {
    const path = join(folder, 'pins.json');
    await writeFile(path, '{}');
    await expect(async () => filePins(path).get('a')).rejects.toThrow(TypeError);
  });

  it('keeps a submission until it was answered, for its owner only', async () => {
    const outbox = fileOutbox(join(folder, 'outbox'));
    expect(await outbox.waiting()).toEqual([]);
    await outbox.save(intent);
    expect(await outbox.waiting()).toEqual([intent]);
    const [name = ''] = await readdir(join(folder, 'outbox'));
    expect((await stat(join(folder, 'outbox', name))).mode & 0o077).toBe(0);
    await outbox.done(sanctionA);
    expect(await outbox.waiting()).toEqual([]);
    await expect(async () => outbox.done('../../etc')).rejects.toThrow(TypeError);
  });

  it("keeps a reviewer's keys, each for its appeal, for its owner only", async () => {
    const directory = join(folder, 'keys');
    const keys = fileSealingKeys(directory);
    expect(await keys.load(appealA)).toBeUndefined();
    const jwk = await newSealingKey();
    await keys.save(appealA, jwk);
    expect(await fileSealingKeys(directory).load(appealA)).toEqual(jwk);
    const [name = ''] = await readdir(directory);
    expect((await stat(join(directory, name))).mode & 0o777).toBe(0o600);
    const outside = '../../etc' as typeof appealA;
    await expect(async () => keys.load(outside)).rejects.toThrow(TypeError);
    await writeFile(join(directory, name), '');
    await expect(async () => keys.load(appealA)).rejects.toThrow(SyntaxError);
  });

  it('streams a file', async () => {
    const path = join(folder, 'evidence');
    await writeFile(path, 'a,b');
    const chunks: Uint8Array[] = [];
    for await (const chunk of fileSource(path)) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('a,b');
  });
});
