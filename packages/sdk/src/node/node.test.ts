import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newSealingKey } from '../evidence/seal.ts';
import { connected } from '../../tests/connected.ts';
import { appealA, now, sanctionA } from '../../tests/fake-registry.ts';
import type { SubmissionIntent } from '../session/outbox.ts';
import {
  fileJournal,
  fileOutbox,
  filePins,
  fileSealingKeys,
  fileSets,
  fileSource,
  readOwnerFile,
} from './index.ts';

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

  it('keeps what opens evidence for good, for its owner only', async () => {
    const journal = fileJournal(join(folder, 'journal'));
    expect(await journal.load(sanctionA)).toBeUndefined();
    const opening = {
      class: 'payment-records',
      commitment: 'c',
      salt: 's',
      from: 'a.csv',
    } as const;
    await journal.save(sanctionA, [opening]);
    expect(await fileJournal(join(folder, 'journal')).load(sanctionA)).toEqual([opening]);
    const path = join(folder, 'journal', `${sanctionA}.json`);
    expect((await stat(path)).mode & 0o077).toBe(0);
    await writeFile(path, '{');
    await expect(async () => journal.load(sanctionA)).rejects.toThrow(SyntaxError);
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

  describe('prefix sets', () => {
    it('are kept, so that a start loads no set whole', async () => {
      const at = await connected();
      const time = { now: now.getTime() };
      const start = () =>
        at.connectAgain({
          setStore: fileSets(join(folder, 'sets')),
          clock: () => new Date(time.now),
        });
      const snapshots = () => at.registry.documentsRead.filter((path) => path.includes('prefixes'));
      await at.registry.sets.publish([new Uint8Array(32)]);
      await start().prefixes.renew();
      await at.registry.sets.publish([]);
      expect(await start().prefixes.renew()).toMatchObject([{ version: 2, count: 0 }]);
      expect(snapshots()).toHaveLength(1);
      const [name = ''] = await readdir(join(folder, 'sets'));
      expect((await stat(join(folder, 'sets', name))).mode & 0o077).toBe(0);
    });

    it('are written once in five minutes at most', async () => {
      const at = await connected();
      const time = { now: now.getTime() };
      at.registry.clock = () => new Date(time.now);
      const times: number[] = [];
      const store = { load: async () => undefined, save: async () => void times.push(time.now) };
      const recourse = at.connectAgain({ setStore: store, clock: () => new Date(time.now) });
      for (let minute = 0; minute < 12; minute++) {
        await at.registry.sets.publish([]);
        await recourse.prefixes.renew();
        time.now += 60_000;
      }
      expect(times).toEqual([0, 5, 10].map((minute) => now.getTime() + minute * 60_000));
    });

    it('are loaded whole where the file is damaged, or of another registry', async () => {
      const at = await connected();
      const store = fileSets(join(folder, 'sets'));
      const start = () => at.connectAgain({ setStore: store });
      await start().prefixes.renew();
      const stored = (await store.load(1))!;
      const other = await connected();
      await other.registry.sets.publish([]);
      const foreign = await other.registry.sets.sync({ list: 'all', epoch: 1 });
      for (const damaged of [
        { ...stored, snapshot: stored.snapshot.subarray(1) },
        { ...stored, header: '' },
        { ...stored, header: stored.header.replace('.', '..') },
      ]) {
        await store.save(1, damaged);
        expect(await start().prefixes.renew()).toMatchObject([{ state: 'fresh' }]);
      }
      await store.save(1, { ...stored, header: foreign.set });
      await expect(start().prefixes.renew()).resolves.toMatchObject([{ state: 'fresh' }]);
    });
  });

  it('streams a file', async () => {
    const path = join(folder, 'evidence');
    await writeFile(path, 'a,b');
    const chunks: Uint8Array[] = [];
    for await (const chunk of fileSource(path)) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('a,b');
  });
});

describe('readOwnerFile', () => {
  const failed = (path: string): unknown => {
    try {
      return readOwnerFile(path, (fault) => new TypeError(fault.code));
    } catch (error) {
      return error instanceof TypeError ? error.message : error;
    }
  };

  it('reads a file of its owner, and none that others may read', async () => {
    const path = join(folder, 'secret');
    await writeFile(path, 'text', { mode: 0o600 });
    expect(failed(path)).toBe('text');
    await chmod(path, 0o640);
    expect(failed(path)).toBe('file-exposed');
    expect(failed(join(folder, 'none'))).toBe('file-unreadable');
  });
});
