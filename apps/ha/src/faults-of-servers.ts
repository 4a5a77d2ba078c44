import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fault, Scene } from './fault.ts';
import { clockLibrary, until, type Program } from './programs.ts';
import { isReady, serverArgs, whyNotReady, type Server } from './registry.ts';
import { send } from './send.ts';

export const killServer: Fault = {
  name: 'kill-server',
  says: 'one of the servers is killed, and started again after ten seconds',
  run: async ({ registry }) => {
    const { program } = registry.server;
    await program.end('SIGKILL');
    await delay(10_000);
    program.start();
  },
};

export const rollingRestart: Fault = {
  name: 'rolling-restart',
  says: 'one server after the other is told to stop, and started once it has; no call may fail',
  isPlanned: true,
  pace: { perSecond: 500, submissionEvery: 250, others: 'checks.match' },
  run: async ({ registry }) => {
    for (const server of registry.servers) {
      await restart(server);
      // The balancer asks every second.
      await delay(2_500);
    }
  },
};

export const upgrade: Fault = {
  name: 'upgrade',
  says: 'the owner migrates while servers of the last release answer; then each is replaced by one of this, by one of that again, and by one of this, and the owner contracts; no call may fail',
  isPlanned: true,
  fromRelease: true,
  run: async ({ registry, operator }) => {
    const { code, text } = await operator.server('migrate');
    if (code !== 0) return { faults: [`migrate ended with ${code}: ${text}`] };
    for (const main of [undefined, registry.main, undefined])
      for (const server of registry.servers) {
        await restart(server, { args: serverArgs(main) });
        await delay(2_500);
      }
    const contract = await operator.server('migrate', '--contract');
    await delay(5_000);
    return contract.code === 0
      ? {}
      : { faults: [`the contract ended with ${contract.code}: ${contract.text}`] };
  },
};

export const cutConnections: Fault = {
  name: 'cut-connections',
  says: 'every connection to the database is cut, three times',
  run: async ({ cluster }) => {
    for (let n = 0; n < 3; n++) {
      await cluster.cutConnections();
      await delay(3_000);
    }
  },
};

/** A little, which a call bears; and so far that every deadline of the samples seems to have passed, or none. */
const jumps = ['+5', '-5', '+400d', '-400d'] as const;

export const clockJump: Fault = {
  name: 'clock-jump',
  says: 'the clock of one server jumps by five seconds and by four hundred days, forwards and backwards',
  cannot: () =>
    clockLibrary() === undefined
      ? 'The clock of one program cannot be turned: apt-get install faketime.'
      : undefined,
  run: async (scene) => {
    const server = scene.registry.servers.at(-1) ?? scene.registry.server;
    const file = scene.operator.file('clock');
    const turn = (to: string): void => writeFileSync(file, to);
    turn('+0');
    const env = {
      LD_PRELOAD: clockLibrary() ?? '',
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_CACHE_DURATION: '1',
      DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
    };
    await restart(server, { env });
    const steps = await scene.judge.stepsOfTime();
    const faults: string[] = [];
    for (const jump of jumps) {
      turn(jump);
      faults.push(...(await lookAt(scene, { server, jump })));
    }
    turn('+0');
    await until('the server is ready by the right clock', () => isReady(server), 30);
    const early = (await scene.judge.stepsOfTime()) - steps;
    if (early > 0) faults.push(`${early} deadlines were written down that had not passed`);
    await restart(server);
    return { faults };
  },
};

async function restart(server: Server, own?: Parameters<Program['start']>[0]): Promise<void> {
  await server.program.end('SIGTERM');
  server.program.start(own);
  await until('the restarted server is ready', () => isReady(server), 300);
}

async function lookAt(
  { registry }: Scene,
  { server, jump }: { server: Server; jump: string },
): Promise<string[]> {
  const faults: string[] = [];
  const saysSo = async (): Promise<boolean> => (await whyNotReady(server)).includes('clock-off');
  await until('the server says clock-off', saysSo, 15).catch(() =>
    faults.push(`by a clock of ${jump} the server is not clock-off`),
  );
  // Whoever asks it all the same comes again: no call is refused for good by a wrong clock.
  const by = await registry.caller('Harbour', 'service');
  const call = await registry.sign(by, { op: 'sanctions.list', input: {} });
  const answer = await send(server.url, call);
  const isSlight = Math.abs(Number(jump)) <= 5;
  if (answer?.status !== 503)
    faults.push(`by a clock of ${jump} a call is answered ${answer?.code ?? 'not at all'}`);
  // As long as a worker waits until it looks at every deadline.
  await delay(isSlight ? 3_000 : 35_000);
  return faults;
}
