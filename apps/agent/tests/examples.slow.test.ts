import { execFile, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readConfig, startAgent, type RunningAgent } from '../src/index.ts';
import { Stage } from './stage.ts';

// A compiler may be among them.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const examples = fileURLToPath(new URL('../examples', import.meta.url));
const run = promisify(execFile);

let stage: Stage;
let agent: RunningAgent;
beforeAll(async () => {
  stage = await Stage.start();
  const flags = ['--config', stage.profileOf('Tubely'), '--state', join(stage.dir, 'state')];
  const patient = ['--within-ms', '60000'];
  agent = await startAgent(readConfig([...flags, '--listen', '127.0.0.1:0', ...patient], {}));
});
afterAll(async () => {
  await agent.stop();
  await stage.end();
});

/** Whether a language is on this machine; its tests are shown as skipped where it is not. */
const has = (command: string, ...args: string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;

const languages = [
  { name: 'curl', has: has('curl', '--version'), command: ['sh', 'curl/check.sh'] },
  { name: 'Python', has: has('python3', '--version'), command: ['python3', 'python/check.py'] },
  { name: 'Go', has: has('go', 'version'), command: ['go', 'run', 'go/check.go'] },
  { name: 'Java', has: has('java', '-version'), command: ['java', 'java/Check.java'] },
  { name: 'PHP', has: has('php', '--version'), command: ['php', 'php/check.php'] },
  { name: 'Ruby', has: has('ruby', '--version'), command: ['ruby', 'ruby/check.rb'] },
];

async function output([command = '', ...args]: readonly string[]): Promise<string> {
  const token = readFileSync(join(stage.dir, 'state', 'token'), 'utf8').trim();
  const env = { ...process.env, RECOURSE_AGENT: agent.at, RECOURSE_TOKEN: token };
  return (await run(command, args, { cwd: examples, env })).stdout.trim();
}

describe.each(languages)('$name', ({ has: isHere, command }) => {
  test.skipIf(!isHere)('asks, and reads the advice', async () => {
    expect(await output([...command, 'best.deals@mail.example'])).toBe('review');
    expect(await output([...command, 'nobody@mail.example'])).toBe('no-record');
  });
});

test.skipIf(!has('python3', '--version'))(
  'a record by Python, with its notice: once, however often it is sent, and its openings are kept',
  async () => {
    const file = join(stage.dir, 'payments.csv');
    writeFileSync(file, 'payer,amount\na,10\n');
    const command = ['python3', 'python/record.py', 'many.tickets@mail.example', file, 'case-1'];
    const recourse = await stage.recourse('Tubely');
    const before = (await recourse.sanctions.list({})).sanctions.length;
    const link = await output(command);
    expect(link).toContain(`${stage.origin}/case#`);
    expect(await output(command)).toBe(link);
    const { sanctions } = await recourse.sanctions.list({});
    expect(sanctions).toHaveLength(before + 1);
    expect(sanctions[0]).toMatchObject({ reason: 'fraud.scam', state: 'held' });
    const openings = JSON.parse(readFileSync(join(stage.dir, 'payments.openings.json'), 'utf8'));
    expect(openings).toMatchObject([{ class: 'payment-records', salt: expect.any(String) }]);
  },
);
