import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { spawnAgent, type AgentProcess } from './agent-process.ts';
import { ask, record, until, type AgentReply } from './asking.ts';
import { Stage } from './stage.ts';

const lives = 9;
const records = 10;

// A registry has to start first.
vi.setConfig({ hookTimeout: 600_000 });

let stage: Stage;
let flags: string[];
beforeAll(async () => {
  stage = await Stage.start();
  flags = [
    '--no-token',
    '--config',
    stage.profileOf('Harbour'),
    '--state',
    join(stage.dir, 'state'),
    '--listen',
    '127.0.0.1:0',
  ];
});
afterAll(() => stage.end());

/** What a service has still to send, in its order; a request without an answer is sent again with its key. */
interface Work {
  next: number;
}

async function post(url: string, body: unknown, key: string): Promise<AgentReply | undefined> {
  return ask(url, body, { 'idempotency-key': key }).catch(() => undefined);
}

/** The answer once it is done; undefined once the process is gone. */
async function done(url: string, body: unknown, key: string): Promise<AgentReply | undefined> {
  for (;;) {
    const answer = await post(`${url}?wait=30`, body, key);
    if (answer?.status !== 202) return answer;
  }
}

/** Sends until the process is gone, or there is nothing left. */
async function send(agent: AgentProcess, work: Work, onTaken: () => void): Promise<void> {
  while (work.next < records) {
    const n = work.next;
    const answer = await post(`${agent.at}/sanctions?wait=0`, record(n), `record-${n}`);
    if (!answer) return;
    expect([200, 202]).toContain(answer.status);
    work.next++;
    onTaken();
  }
  for (let n = 0; n < records; n += 2) {
    const answer = await done(`${agent.at}/sanctions`, record(n), `record-${n}`);
    if (!answer) return;
    const sanction: string = answer.body.result.sanction;
    const path = `${agent.at}/sanctions/${sanction}/withdrawal?wait=0`;
    if (!(await post(path, { cause: 'error' }, `withdrawal-${n}`))) return;
    onTaken();
  }
}

test('killed at any moment, it delivers everything it took once, in order', async () => {
  const work: Work = { next: 0 };
  for (let life = 0; life < lives; life++) {
    const agent = await spawnAgent(flags);
    // In turn: at some time, and shortly after something was taken, when it is signed and sent.
    let left = 1 + (life % 3);
    const isTimed = life % 3 === 2;
    if (isTimed) setTimeout(() => agent.child.kill('SIGKILL'), Math.random() * 400);
    const onTaken = (): void => {
      if (isTimed || --left > 0) return;
      setTimeout(() => agent.child.kill('SIGKILL'), Math.random() * 60);
    };
    await send(agent, work, onTaken);
    await sleep(100);
    await agent.kill();
  }
  const agent = await spawnAgent(flags);
  await send(agent, work, () => undefined);
  const { body } = await until(
    () => ask(`${agent.at}/healthz`),
    (answer) => answer.body.waiting === 0,
  );
  expect(body.refused).toBe(0);
  await agent.kill();

  const recourse = await stage.recourse('Harbour');
  const { sanctions } = await recourse.sanctions.list({ limit: 100 });
  const ours = sanctions.filter(({ ref }) => ref?.startsWith('case-2026-')).toReversed();
  expect(ours.map(({ ref }) => ref)).toEqual(
    Array.from({ length: records }, (_, n) => record(n).ref),
  );
  const withdrawn = ours.flatMap(({ state }, n) => (state === 'withdrawn' ? [n] : []));
  expect(withdrawn).toEqual([0, 2, 4, 6, 8]);
}, 900_000);
