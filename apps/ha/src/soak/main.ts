import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Registry } from '../registry.ts';
import { lastWords, Traffic, type SentCall } from '../traffic.ts';
import { growthOf, type Row } from './growth.ts';
import { takeSamples, type Sample } from './samples.ts';

const usage = `Usage: npm run soak -- [--minutes 10] [--per-second 60] [--json]

  --minutes     how long calls arrive, 1 to 1440
  --per-second  signed calls; every third is a submission
  --json        prints the last line alone on stdout, and the rest on stderr

Exit code: 0 where nothing grew and no call failed, 1 where something did, 2 for a wrong option.`;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    'per-second': { type: 'string', default: '60' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const print = (text: string): void => {
  (values.json ? process.stderr : process.stdout).write(`${text}\n`);
};

process.exitCode = await run();

async function run(): Promise<number> {
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const [minutes, perSecond] = [Number(values.minutes), Number(values['per-second'])];
  if (!(minutes >= 1 && minutes <= 1440 && perSecond >= 1)) {
    console.error(usage);
    return 2;
  }
  const { calls, samples } = await soak({ minutes, perSecond });
  const rows = growthOf({ calls, samples }, minutes * 60);
  const failed = calls.filter(({ status }) => status !== 200).length;
  report(rows, { minutes, calls, failed });
  return failed === 0 && rows.every(({ isHeld }) => isHeld) ? 0 : 1;
}

interface Soaked {
  readonly calls: readonly SentCall[];
  readonly samples: readonly Sample[];
}

async function soak(load: { minutes: number; perSecond: number }): Promise<Soaked> {
  const dir = mkdtempSync(join(tmpdir(), 'recourse-soak-'));
  // Its PostgreSQL may run as an account of its own.
  chmodSync(dir, 0o711);
  print('Starting a registry with its own PostgreSQL');
  const registry = await Registry.start(dir, { count: 1 });
  const close = async (): Promise<void> => {
    await registry.stop();
    rmSync(dir, { recursive: true, force: true });
  };
  const stop = (): void => void close().finally(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  try {
    await registry.liftBounds();
    const traffic = await Traffic.start(registry, { ...load, submissionEvery: 3 });
    const samples = takeSamples(registry.server);
    for (let minute = 1; minute <= load.minutes; minute++) {
      await delay(60_000);
      print(`minute ${minute} of ${load.minutes}`);
    }
    const taken = await samples();
    return { calls: await traffic.stop(), samples: taken };
  } finally {
    await close();
  }
}

interface Counts {
  readonly minutes: number;
  readonly calls: readonly SentCall[];
  readonly failed: number;
}

function report(rows: readonly Row[], { minutes, calls, failed }: Counts): void {
  if (!values.json) {
    console.table(
      rows.map(({ name, start, end, growth, bar, isHeld }) => ({
        figure: name,
        start: round(start),
        end: round(end),
        growth: round(growth),
        bar,
        held: isHeld ? 'yes' : 'NO',
      })),
    );
    console.log(`${calls.length} calls in ${minutes} minutes, ${failed} of them failed`);
  }
  const soaked = { minutes, calls: calls.length, failed, refused: lastWords(calls), rows };
  console.log(JSON.stringify({ soak: soaked }));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
