import { addSignatures, parseSignatures, verifyNote } from '@recourse/ledger';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, onTestFinished, test, vi } from 'vitest';
import { createWitnessState } from '../src/index.ts';
import {
  assertOneHistory,
  forkAt,
  logs,
  mostLeaves,
  noteOf,
  requestOf,
  rootOf,
  witnessSigner,
  type Branch,
  type Statement,
} from './fixtures.ts';

vi.setConfig({ testTimeout: 180_000 });

const dir = mkdtempSync(join(tmpdir(), 'recourse-witness-kill-'));
afterAll(() => rmSync(dir, { recursive: true }));

const lives = 16;

interface Life {
  readonly process: ChildProcess;
  readonly url: string;
}

async function start(state: string): Promise<Life> {
  const main = fileURLToPath(new URL('serve-state.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=@recourse/source', main, state], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (line: Buffer) => resolve(line.toString().trim()));
    child.once('close', () => reject(new Error('the witness did not start')));
  });
  return { process: child, url };
}

/** All that was cosigned, by the log; and what to do at an answer, which is when most is at stake. */
interface Load {
  readonly said: ReadonlyMap<string, Statement[]>;
  readonly onCosigned: (log: number, size: number) => void;
}

/** Grows one log after the other on this branch, from the size that the witness says it holds. */
async function grow({ url }: Life, branch: Branch, { said, onCosigned }: Load): Promise<void> {
  let held = 0;
  for (let log = 0; log < logs.length;) {
    const signer = logs[log]!;
    const size = Math.min(mostLeaves, held + Math.floor(Math.random() * 3));
    const body = Buffer.from(await requestOf(branch, { oldSize: held, size, signer }));
    const answer = await post(`${url}/add-checkpoint`, body);
    if (answer === undefined) return;
    if (answer.status === 200) {
      onCosigned(log, size);
      const note = addSignatures(await noteOf(branch, size, signer), parseSignatures(answer.text));
      const [cosignature] = (await verifyNote(note, [witnessSigner.key])).signatures;
      const root = Buffer.from(rootOf(branch, size)).toString('base64');
      said.get(signer.key.name)!.push({ time: cosignature!.time!, size, root });
      held = size;
    }
    const before = held;
    if (answer.status === 409) held = Number(answer.text);
    // The other branch has won, or this one has, and is whole.
    if (answer.status === 422 || (before === held && held === mostLeaves))
      [log, held] = [log + 1, 0];
  }
}

async function post(url: string, body: Buffer<ArrayBuffer>) {
  try {
    const response = await fetch(url, { method: 'POST', body });
    return { status: response.status, text: await response.text() };
  } catch {
    return undefined;
  }
}

test('killed at any moment under load, it never signs a fork', async () => {
  const state = join(dir, 'state.json');
  createWitnessState(state);
  const said = new Map(logs.map(({ key }) => [key.name, [] as Statement[]]));
  for (let life = 0; life < lives; life++) {
    const witness = await start(state);
    const kill = () => witness.process.kill('SIGKILL');
    const gone = new Promise((resolve) => witness.process.once('close', resolve));
    // In turn: at a random time, and on the first answer that decides between two histories.
    const isTimed = life % 2 === 0;
    const fresh = [...said.values()].filter(({ length }) => length === 0).length;
    const deciding = logs.length - fresh + Math.floor(Math.random() * 2);
    const onCosigned = (log: number, size: number) => {
      if (!isTimed && log >= deciding && size > forkAt) kill();
    };
    const load = { said, onCosigned };
    const growing = (['a', 'b', 'a', 'b'] as const).map((branch) => grow(witness, branch, load));
    if (isTimed) setTimeout(kill, 20 + Math.random() * 200);
    await Promise.all(growing);
    kill();
    await gone;
  }
  for (const statements of said.values()) {
    // Answers of one life arrive in any order; of a tree, and of its time, there is one order.
    statements.sort((a, b) => a.size - b.size || a.time - b.time);
    assertOneHistory(statements);
  }
  const decided = [...said.values()].filter((all) => all.some(({ size }) => size > forkAt));
  expect(decided.length).toBeGreaterThan(lives / 2);
});
