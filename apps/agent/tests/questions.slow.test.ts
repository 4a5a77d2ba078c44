import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { spawnAgent, type AgentProcess } from './agent-process.ts';
import { ask, until } from './asking.ts';
import { bytesIn, endedIn } from './kept-questions.ts';
import { Stage } from './stage.ts';

const lives = 4;
const each = 10;

// A registry has to start first.
vi.setConfig({ hookTimeout: 600_000 });

let stage: Stage;
let state: string;
let start: () => Promise<AgentProcess>;
beforeAll(async () => {
  stage = await Stage.start();
  state = join(stage.dir, 'state');
  const flags = ['--no-token', '--config', stage.profileOf('Harbour'), '--state', state];
  start = () => spawnAgent([...flags, '--listen', '127.0.0.1:0']);
});
afterAll(() => stage.end());

/** Of somebody with a record of another platform, and of others without one. */
const emailOf = (n: number): string =>
  n === 0 ? 'best.deals@mail.example' : `canary-${n}@mail.example`;

const questionOf = (n: number) => ({
  purpose: 'signup',
  identifiers: { email: emailOf(n) },
  provenAt: new Date().toISOString(),
  ref: `acct-2026-${n}`,
});

test('signups of an outage, in which the agent was killed too, each have one result once it is over', async () => {
  await stage.stopRegistry();
  const ids: string[] = [];
  for (let life = 0; life < lives; life++) {
    const agent = await start();
    for (let n = 0; n < each; n++) {
      const kept = await ask(`${agent.at}/checks`, questionOf(life * each + n));
      expect(kept.status).toBe(202);
      ids.push(kept.body.question);
    }
    await agent.kill();
  }
  expect(bytesIn(state)).toContain('acct-2026-7');
  expect(bytesIn(state)).not.toContain('canary');

  await stage.startRegistry();
  const first = await start();
  await until(
    () => ask(`${first.at}/healthz`),
    ({ body }) => body.questions < lives * each,
  );
  await first.kill();
  const agent = await start();
  await until(
    () => ask(`${agent.at}/healthz`),
    ({ body }) => body.questions === 0,
  );
  const answers = await Promise.all(ids.map((id) => ask(`${agent.at}/checks/${id}`)));
  expect(new Set(answers.map(({ body }) => body.state))).toEqual(new Set(['answered']));
  expect(
    answers.filter(({ body }) => body.advice !== 'no-record').map(({ body }) => body),
  ).toMatchObject([
    { ref: 'acct-2026-0', advice: 'review', matches: [{ advice: 'review', identifier: 'email' }] },
  ]);
  expect((await endedIn(agent.at)).toSorted()).toEqual(ids.toSorted());
  // Asked again, each is the question that it was.
  const again = await ask(`${agent.at}/checks`, questionOf(7));
  expect(again.body).toMatchObject({ question: ids[7], state: 'answered' });
  expect(bytesIn(state)).not.toContain('canary');
  await agent.kill();
}, 600_000);
