import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readConfig, startAgent, type RunningAgent } from '../src/index.ts';
import { ask, ordered, patient, record, until } from './asking.ts';
import { Stage } from './stage.ts';

/** Ten minutes: RECOURSE_OUTAGE_SECONDS=600. */
const outageSeconds = Number(process.env['RECOURSE_OUTAGE_SECONDS'] ?? '15');
const records = 6;

// A registry has to start first.
vi.setConfig({ hookTimeout: 600_000 });

let stage: Stage;
let start: () => Promise<RunningAgent>;
beforeAll(async () => {
  stage = await Stage.start();
  const flags = ['--config', stage.profileOf('Harbour'), '--state', join(stage.dir, 'state')];
  const config = readConfig([...flags, '--listen', '127.0.0.1:0', ...patient], {});
  start = () => startAgent(config);
});
afterAll(() => stage.end());

const question = { identifiers: { email: 'best.deals@mail.example' }, purpose: 'monetisation' };

test(
  'while the registry is away checks say so, and what is submitted arrives once, in order',
  async () => {
    let agent = await start();
    expect((await ask(`${agent.at}/check`, question)).body.advice).toBe('review');
    const { body: first } = await ordered(agent.at, '/sanctions', record(0));
    expect(first.state).toBe('done');

    await stage.stopRegistry();
    const endsAt = performance.now() + outageSeconds * 1000;
    const away = await ask(`${agent.at}/check`, question);
    expect([away.status, away.body.advice]).toEqual([200, 'unavailable']);
    expect(Number(away.headers.get('retry-after'))).toBeGreaterThan(0);

    const intents: string[] = [];
    for (let n = 1; n <= records; n++) {
      const taken = await ask(`${agent.at}/sanctions?wait=0`, record(n), {
        'idempotency-key': `case-${n}`,
      });
      expect(taken.status).toBe(202);
      intents.push(taken.body.intent);
      // A restart in the middle: what was taken is on the disk.
      if (n === records / 2) {
        await agent.stop();
        agent = await start();
      }
      await sleep((outageSeconds * 1000) / (2 * records));
    }
    // A service that lost its answer asks again, and gets the same intent.
    const again = await ask(`${agent.at}/sanctions?wait=0`, record(1), {
      'idempotency-key': 'case-1',
    });
    expect(again.body.intent).toBe(intents[0]);
    const { body: health } = await ask(`${agent.at}/healthz`);
    expect(health).toEqual({
      status: 'ok',
      registry: 'away',
      waiting: records,
      questions: 0,
      refused: 0,
    });
    await sleep(Math.max(0, endsAt - performance.now()));

    await stage.startRegistry();
    const ended = await until(
      () => Promise.all(intents.map((intent) => ask(`${agent.at}/outbox/${intent}`))),
      (all) => all.every(({ body }) => body.state === 'done'),
    );
    expect((await ask(`${agent.at}/check`, question)).body.advice).toBe('review');
    await agent.stop();

    const { sanctions } = await (await stage.recourse('Harbour')).sanctions.list({ limit: 100 });
    const refs = sanctions.map(({ ref }) => ref).filter((ref) => ref?.startsWith('case-2026-'));
    const wanted = Array.from({ length: records + 1 }, (_, n) => record(n).ref);
    expect(refs.toReversed()).toEqual(wanted);
    // Each has the link that goes into its notice.
    expect(new Set(ended.map(({ body }) => body.result.caseLink)).size).toBe(records);
  },
  (outageSeconds + 600) * 1000,
);
