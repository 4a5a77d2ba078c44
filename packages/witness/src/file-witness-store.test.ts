import { fromUtf8, jcs } from '@recourse/protocol';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { logSigner, requestOf, witnessSigner } from '../tests/fixtures.ts';
import { createWitnessState, fileWitnessStore, Witness, type WitnessStore } from './index.ts';
import { decodeState } from './state-text.ts';

const dir = mkdtempSync(join(tmpdir(), 'recourse-witness-'));
afterAll(() => rmSync(dir, { recursive: true }));

let path: string;
let files = 0;
beforeEach(() => {
  path = join(dir, `${files++}.json`);
  createWitnessState(path);
});

const codeOf = (action: () => unknown): unknown => {
  try {
    action();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return 'nothing thrown';
};

const clock = () => new Date(1_000_000);
const witnessOn = (store: WitnessStore, signer = witnessSigner) =>
  new Witness({ signer, logs: [logSigner.key], store, clock });

/** A state with one tree, closed. */
async function grown(size = 7): Promise<void> {
  const store = fileWitnessStore(path);
  const { status } = await witnessOn(store).addCheckpoint(
    await requestOf('a', { oldSize: 0, size }),
  );
  expect(status).toBe(200);
  await store.close();
}

describe('the state of a witness', () => {
  test('is what the last process left', async () => {
    await grown();
    const store = fileWitnessStore(path);
    const witness = witnessOn(store);
    expect(await witness.logs()).toEqual([{ origin: 'log.example', size: 7 }]);
    const fork = await witness.addCheckpoint(await requestOf('b', { oldSize: 7, size: 9 }));
    expect(fork.status).toBe(422);
    await store.close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('is on disk before the cosignature exists', async () => {
    const store = fileWitnessStore(path);
    const onDisk: unknown[] = [];
    const sign = (message: Uint8Array) => {
      onDisk.push(decodeState(readFileSync(path, 'utf8')).get('log.example'));
      return witnessSigner.sign(message);
    };
    await witnessOn(store, { ...witnessSigner, sign }).addCheckpoint(
      await requestOf('a', { oldSize: 0, size: 7 }),
    );
    await store.close();
    expect(onDisk).toEqual([{ note: expect.stringContaining('log.example\n7\n'), time: 1_000 }]);
  });

  test('is begun once, and never by opening it', async () => {
    expect(codeOf(() => createWitnessState(path))).toBe('state-exists');
    const absent = join(dir, 'absent.json');
    expect(codeOf(() => fileWitnessStore(absent))).toBe('state-missing');
  });

  test('that is damaged in any byte stops the witness', async () => {
    await grown();
    const whole = readFileSync(path);
    expect(decodeState(fromUtf8(whole)).size).toBe(1);
    for (let i = 0; i < whole.length; i++) {
      const bent = Buffer.from(whole);
      bent[i]! ^= 1;
      expect(codeOf(() => decodeState(bent.toString('utf8')))).toBe('state-damaged');
      expect(codeOf(() => decodeState(whole.subarray(0, i).toString('utf8')))).toBe(
        'state-damaged',
      );
    }
    for (const bytes of [whole.subarray(0, 40), Buffer.alloc(0), Buffer.alloc(64)]) {
      writeFileSync(path, bytes);
      expect(codeOf(() => fileWitnessStore(path))).toBe('state-damaged');
    }
    // Damage does not leave the lock behind.
    writeFileSync(path, whole);
    await fileWitnessStore(path).close();
  });

  test('has no second spelling', async () => {
    await grown();
    const text = readFileSync(path, 'utf8');
    const json = JSON.parse(text) as Record<string, unknown>;
    for (const other of [
      JSON.stringify(json, null, 1),
      `${jcs({ ...json, more: 1 })}\n`,
      `${jcs({ ...json, v: 2 })}\n`,
      text.trimEnd(),
    ]) {
      expect(codeOf(() => decodeState(other))).toBe('state-damaged');
    }
  });

  test('that cannot be written keeps the witness from signing, and is whole once it can', async () => {
    const store = fileWitnessStore(path);
    const witness = witnessOn(store);
    // A folder in the place of the draft: root writes past any permission.
    mkdirSync(`${path}.next`);
    const body = await requestOf('a', { oldSize: 0, size: 7 });
    await expect(witness.addCheckpoint(body)).rejects.toMatchObject({ code: 'state-unwritable' });
    rmSync(`${path}.next`, { recursive: true });
    expect((await witness.addCheckpoint(body)).status).toBe(200);
    await store.close();
  });
});

describe('one state has one process', () => {
  test('a second opening is refused until the first is closed', async () => {
    const store = fileWitnessStore(path);
    expect(codeOf(() => fileWitnessStore(path))).toBe('state-in-use');
    await store.close();
    await expect(witnessOn(store).logs()).rejects.toMatchObject({ code: 'state-closed' });
    await fileWitnessStore(path).close();
  });

  test('another process is kept off, though nothing refers to the state, and a killed one is not in the way', async () => {
    const holder = spawn(
      process.execPath,
      [
        '--conditions=@recourse/source',
        '--expose-gc',
        fileURLToPath(new URL('../tests/hold-state.ts', import.meta.url)),
        path,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    onTestFinished(() => void holder.kill('SIGKILL'));
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    expect(codeOf(() => fileWitnessStore(path))).toBe('state-in-use');
    const gone = new Promise((resolve) => holder.once('close', resolve));
    holder.kill('SIGKILL');
    await gone;
    await fileWitnessStore(path).close();
  });
});
