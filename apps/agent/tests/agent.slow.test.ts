import { statSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { memorySealingKeys } from '@recourse/sdk';
import { caseClient, newCaseKey } from '@recourse/sdk/case';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readConfig, startAgent, type RunningAgent } from '../src/index.ts';
import { ask, ordered, patient, record, until } from './asking.ts';
import { Stage } from './stage.ts';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

let stage: Stage;
let harbour: RunningAgent;
let tubely: RunningAgent;

const start = (name: string, ...more: string[]): Promise<RunningAgent> => {
  const flags = ['--config', stage.profileOf(name), '--state', join(stage.dir, name)];
  return startAgent(
    readConfig(
      [...flags, '--listen', '127.0.0.1:0', '--poll-seconds', '1', ...patient, ...more],
      {},
    ),
  );
};
beforeAll(async () => {
  stage = await Stage.start();
  [harbour, tubely] = await Promise.all([start('Harbour'), start('Tubely')]);
});
afterAll(async () => {
  await Promise.all([harbour.stop(), tubely.stop()]);
  await stage.end();
});

/** Numbers, types and cases of events, as they come, until one is of a type. */
async function eventsUntil(type: string, after: number): Promise<{ id: number; type: string }[]> {
  const gone = new AbortController();
  const response = await fetch(`${tubely.at}/events`, {
    headers: { 'last-event-id': String(after) },
    signal: gone.signal,
  });
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (new RegExp(`event: ${type}\ndata: .+\n\n`).test(text)) break;
  }
  gone.abort();
  return [...text.matchAll(/id: (\d+)\nevent: (.+)\n/g)].map(([, id, name = '']) => ({
    id: Number(id),
    type: name,
  }));
}

test('a home reversal is withdrawn with its whole lifting, and not with half of it', async () => {
  const submitted = await ordered(harbour.at, '/sanctions', record(7));
  const path = `/sanctions/${submitted.body.result.sanction}/withdrawal`;
  const half = { at: new Date().toISOString(), by: 'complaint-desk' };
  const refused = await ordered(harbour.at, path, { cause: 'home-reversal', lifted: half });
  expect(refused.status).toBe(422);
  const complaint = Buffer.from('They had the wrong account.').toString('base64');
  const lifted = { ...half, complaint };
  const ended = await ordered(harbour.at, path, { cause: 'home-reversal', lifted });
  const opening = { commitment: expect.any(String), salt: expect.any(String) };
  expect(ended.body.result).toMatchObject({ state: 'withdrawn', complaint: opening });
});

describe('a record, from submission to recall', () => {
  const name = record(1).creator.domain.value;
  const question = {
    identifiers: { domain: name },
    purpose: 'monetisation',
    ref: 'tubely-case-0001',
  };
  let sanction: string;
  let evidence: object[];
  let code: string;
  let appeal: string;
  let key: string;

  test('is submitted, and notice is reported', async () => {
    const submitted = await ordered(harbour.at, '/sanctions', record(1));
    expect(submitted).toMatchObject({ status: 200, body: { state: 'done' } });
    ({ sanction, evidence, caseCode: code } = submitted.body.result);
    expect(submitted.body.result.caseLink).toBe(`${stage.origin}/case#${code}`);
    const stated = { channel: 'letter', sentAt: new Date().toISOString() };
    const notice = { language: 'en', stated };
    const reported = await ordered(harbour.at, `/sanctions/${sanction}/notice`, notice);
    expect(reported).toMatchObject({
      status: 200,
      body: { result: { by: 'platform', sanction } },
    });
    expect((await ask(`${harbour.at}/sanctions/${sanction}`)).body.ref).toBe(record(1).ref);
  });

  test('is told of after its hold, and the outcome is reported', async () => {
    await stage.move(6 * 86_400);
    const { body } = await until(
      () => ask(`${tubely.at}/check`, question),
      (answer) => answer.body.matches.length > 0,
    );
    expect(body).toMatchObject({ advice: 'verify-identity', matches: [{ sanction }] });
    const outcomes = [{ match: body.matches[0].match, outcome: 'pending' }];
    const reported = await ordered(tubely.at, '/outcomes', { outcomes });
    expect(reported).toMatchObject({ status: 200, body: { result: { recorded: 1 } } });
    expect((await ask(`${tubely.at}/outcomes`)).body.owed).toMatchObject([{ sanction }]);
  });

  test('is answered for in an appeal: evidence and words reach the reviewer', async () => {
    const cases = caseClient({ origin: stage.origin, logKid: stage.logKid });
    key = newCaseKey();
    await cases.claim({ code, newKey: key });
    const { result } = await cases.call('appeal', {
      key,
      ground: 'not-me',
      words: 'It was not me.',
      language: 'en',
    });
    ({ appeal } = result);
    const panel = await stage.recourse('panel', memorySealingKeys());
    const at = `${harbour.at}/cases/${sanction}/appeals/${appeal}`;
    // Nobody has a key on the case yet: it waits, and so does the response behind it.
    const content = record(1).evidence[0]?.content;
    const early = await ask(`${at}/evidence?wait=0`, {
      evidence: [{ content, opening: evidence[0] }],
    });
    const stood = await ask(`${at}/response?wait=0`, { text: 'We have the capture.' });
    expect([early.status, stood.status]).toEqual([202, 202]);
    await panel.review.take();
    await until(
      () => ask(`${harbour.at}/outbox/${stood.body.intent}`),
      ({ body }) => body.state === 'done',
    );
    const { body } = await ask(at);
    expect(body).toMatchObject({
      response: { text: 'We have the capture.' },
      evidence: [{ delivered: true }],
    });
    expect((await ask(`${harbour.at}/cases?open=true`)).body.appeals).toMatchObject([{ appeal }]);
  });

  test('is conceded, and what can no more be done is refused, shown, and holds up nothing', async () => {
    const at = `/cases/${sanction}/appeals/${appeal}`;
    const conceded = await ordered(harbour.at, `${at}/concession`, { cause: 'error' });
    expect(conceded).toMatchObject({ status: 200, body: { result: { state: 'conceded' } } });
    const late = await ask(`${harbour.at}${at}/response?wait=30`, { text: 'Once more.' });
    expect(late).toMatchObject({
      status: 409,
      body: { code: 'state-conflict', next: expect.any(String) },
    });
    const { body } = await ask(`${harbour.at}/outbox`);
    expect(body.intents).toMatchObject([{ intent: late.body.intent, state: 'refused' }]);
    const other = await ordered(harbour.at, '/sanctions', record(2));
    expect(other.status).toBe(200);
  });

  test('is heard of by events, once each, and what was missed comes again', async () => {
    const all = await eventsUntil('sanction-reversed', 0);
    expect(all.map(({ id }) => id)).toEqual(all.map((_, i) => i + 1));
    const last = all.at(-1)?.id ?? 0;
    expect(await eventsUntil('sanction-reversed', last - 1)).toEqual([all.at(-1)]);
    const registry = await stage.recourse('Tubely');
    // The agent has acknowledged them: they are on its disk.
    const { result } = await until(
      () => registry.call('events.poll', { returnImmediately: true }),
      ({ result: polled }) => Object.keys(polled.sets).length === 0,
    );
    expect(result.moreAvailable).toBe(false);
  });

  test.skipIf(spawnSync('python3', ['--version']).status !== 0)(
    'is followed by the example in Python',
    async () => {
      const example = fileURLToPath(new URL('../examples/python/follow.py', import.meta.url));
      const env = { ...process.env, RECOURSE_AGENT: tubely.at };
      const { stdout } = await promisify(execFile)('python3', [example, '1'], { env });
      expect(stdout).toMatch(/^1 \S+ snc_/);
    },
  );

  test('is recalled, and the recall acknowledged', async () => {
    const { body } = await ask(`${tubely.at}/recalls`);
    expect(body.recalls).toMatchObject([{ kind: 'undo', sanction, told: [{ ref: question.ref }] }]);
    const { recall } = body.recalls[0];
    const undone = { action: 'undone', copies: 'deleted' };
    const acknowledged = await ordered(tubely.at, `/recalls/${recall}/acknowledgement`, undone);
    expect(acknowledged).toMatchObject({ status: 200, body: { result: { open: 0 } } });
    expect((await ask(`${tubely.at}/recalls`)).body.recalls).toEqual([]);
  });
});

test('metrics count, and name nobody', async () => {
  await ask(`${tubely.at}/check`, {
    identifiers: { email: 'best.deals@mail.example' },
    purpose: 'monetisation',
  });
  const { body } = await ask(`${tubely.at}/metrics`);
  expect(body).toMatch(/^recourse_agent_checks_total\{advice="review"\} \d+$/m);
  expect(body).toMatch(/^recourse_agent_requests_total\{route="\/check",status="200"\} \d+$/m);
  expect(body).toMatch(/^recourse_agent_registry_up 1$/m);
  expect(body).not.toMatch(/example|(snc|mat|rcl|apl|evt|plt)_/);
});

test('without a token it listens to no other machine', async () => {
  await expect(start('Marketo', '--listen', '0.0.0.0:0')).rejects.toMatchObject({
    code: 'token-required',
  });
});

test('two agents never share a folder', async () => {
  await expect(start('Tubely')).rejects.toMatchObject({ code: 'state-in-use' });
});

test.skipIf(process.platform === 'win32')('a socket is for its owner alone', async () => {
  const path = join(stage.dir, 'agent.sock');
  const agent = await start('Marketo', '--listen', `unix:${path}`);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const status = await new Promise((resolve, reject) => {
    request({ socketPath: path, path: '/healthz' }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .once('error', reject)
      .end();
  });
  expect(status).toBe(200);
  await agent.stop();
});
