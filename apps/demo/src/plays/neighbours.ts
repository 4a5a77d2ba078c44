import type { Recourse } from '@recourse/sdk';
import { check, fileAndNotify, newEmail } from './acts.ts';
import type { Load } from './load/main.ts';
import { startBusy, startLoad } from './load/start-load.ts';
import { prepared, type Play } from './play.ts';
import type { Stage } from './stage.ts';

const seconds = 3;
/** Alone, beside the neighbour, and alone again: what else the machine does is the same for both. */
const rounds = 3;

/** Signed calls that succeed in some seconds, four at a time. */
async function goodCalls(by: Recourse): Promise<number> {
  const until = Date.now() + seconds * 1000;
  let answered = 0;
  const one = async (): Promise<void> => {
    while (Date.now() < until) {
      try {
        await by.sanctions.list({ limit: 1 });
        if (Date.now() < until) answered += 1;
      } catch {
        // Not answered is what this counts by leaving it out.
      }
    }
  };
  await Promise.all(Array.from({ length: 4 }, one));
  return answered;
}

/** How much of their rate good calls keep while a neighbour sends: the median of the rounds. */
async function keptBeside(stage: Stage, load: Omit<Load, 'seconds'>) {
  const harbour = stage.connect(await stage.identity('Harbour'), {
    retry: { attempts: 1, timeoutSeconds: seconds },
  });
  await goodCalls(harbour);
  const found: { alone: number; beside: number; sent: number }[] = [];
  let before = await goodCalls(harbour);
  for (let round = 0; round < rounds; round++) {
    const { done } = await startLoad({ ...load, seconds: seconds + 2 });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const beside = await goodCalls(harbour);
    const sent = Object.values(await done).reduce((sum, n) => sum + n, 0);
    prepared(sent > 0, 'the neighbour sends');
    const after = await goodCalls(harbour);
    const alone = Math.round((before + after) / 2);
    prepared(alone > 10, 'signed calls are answered without the neighbour');
    found.push({ alone, beside, sent });
    before = after;
  }
  found.sort((a, b) => a.beside / a.alone - b.beside / b.alone);
  const middle = found[Math.floor(rounds / 2)]!;
  return { ...middle, kept: Math.round((100 * middle.beside) / middle.alone) };
}

export const publicReadFlood: Play = {
  name: 'public-read-flood',
  measured: true,
  says: 'Another address reads public documents over 400 connections, as fast as they are answered.',
  bound: 'signed calls from elsewhere keep 80 % of their rate',
  oneAddress: true,
  async run(stage) {
    const { kept, alone, beside, sent } = await keptBeside(stage, {
      url: `${stage.registry.origin.replace('localhost', '127.0.0.1')}/policies`,
      method: 'GET',
      connections: 400,
      from: '127.0.0.2',
    });
    return {
      held: kept >= 80,
      gained: `signed calls keep ${kept} % of their rate`,
      figures: { keptPercent: kept, callsAlone: alone, callsBeside: beside, publicReads: sent },
    };
  },
};

export const failingNeighbour: Play = {
  name: 'failing-neighbour',
  measured: true,
  says: 'A program behind the same address sends 200 calls a second with bad signatures.',
  bound: 'valid calls from that address keep 50 % of their rate',
  oneAddress: true,
  async run(stage) {
    const { kept, alone, beside, sent } = await keptBeside(stage, {
      url: `${stage.registry.origin.replace('localhost', '127.0.0.1')}/call/sanctions.list`,
      method: 'POST',
      body: 'eyJhbGciOiJFZERTQSJ9.e30.AAAA',
      connections: 20,
      perSecond: 200,
      from: '127.0.0.1',
    });
    return {
      held: kept >= 50,
      gained: `valid calls of the neighbours keep ${kept} % of their rate`,
      figures: { keptPercent: kept, callsAlone: alone, callsBeside: beside, badCalls: sent },
    };
  },
};

const perSide = 80;
/** Programs that take what there is of the machine, whoever runs them. */
const busyProcesses = 6;

export const timingUnderLoad: Play = {
  name: 'timing-under-load',
  measured: true,
  says: 'While the machine is busy, an observer of times alone guesses which answers told of a record for the first time.',
  bound: 'a guess is right in at most 65 of 100',
  async run(stage) {
    const harbour = await stage.as('Harbour');
    const listed: string[] = [];
    for (let n = 0; n < perSide; n++) {
      if (n > 0 && n % 20 === 0) await stage.advance(1);
      listed.push(newEmail('listed'));
      await fileAndNotify(stage, harbour, { email: listed.at(-1)! });
    }
    const times: number[] = [];
    const tubely = stage.connect(await stage.identity('Tubely'), {
      fetch: async (url, init) => {
        const begun = performance.now();
        const answer = await fetch(url, init);
        if (url.endsWith('/checks.match')) times.push(performance.now() - begun);
        return answer;
      },
    });
    const timeOf = async (email: string): Promise<{ told: boolean; ms: number }> => {
      times.length = 0;
      const { matches } = await check(stage, tubely, { email });
      return { told: matches.length > 0, ms: times.at(-1) ?? 0 };
    };
    const endBusy = startBusy(busyProcesses);
    const told: number[] = [];
    const silent: number[] = [];
    for (const email of listed) {
      // By lot, so that what a disclosure leaves to do is not always behind it.
      const pair =
        Math.random() < 0.5 ? [email, newEmail('stranger')] : [newEmail('stranger'), email];
      for (const one of [await timeOf(pair[0]!), await timeOf(pair[1]!)]) {
        (one.told ? told : silent).push(one.ms);
      }
    }
    endBusy();
    prepared(told.length === perSide && silent.length === perSide, 'half of them are listed');
    const right = Math.round(100 * rightGuesses(told, silent));
    return {
      held: right <= 65,
      gained: `a guess by time is right in ${right} of 100`,
      figures: { rightOf100: right, answersOfEach: perSide },
    };
  },
};

/** How often the slower of two answers is the one that told, or the faster, whichever is the better rule. */
function rightGuesses(told: readonly number[], silent: readonly number[]): number {
  let slower = 0;
  for (const a of told) {
    for (const b of silent) slower += a > b ? 1 : a === b ? 0.5 : 0;
  }
  const share = slower / (told.length * silent.length);
  return Math.max(share, 1 - share);
}
