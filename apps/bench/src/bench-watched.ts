import { freePort } from '@recourse/server/embedded-postgres';
import { discloseOne, rowOf, settingOf, signedSide, type BenchOptions } from './bench-calls.ts';
import { atLeast, atMost, type Report } from './report.ts';
import { measure, type Measurement } from './rounds.ts';
import { openStage } from './stage.ts';
import { median } from './statistics.ts';

/** Makes one server sequence alone: of two that do, one has more to do. */
const apiAlone = { RECOURSE_ROLE: 'api' };
/** How often figures are collected. */
const everyMs = 1_000;

/**
 * Signed calls to a server that is watched (figures on a port of its own, collected each second, and a log in JSON)
 * against the same to one that is not, in turns. Both are processes beside a third server, on one database.
 */
export async function benchWatched(options: BenchOptions): Promise<Report> {
  const stage = await openStage();
  const port = String(await freePort());
  const collecting = setInterval(() => void collect(port), everyMs);
  try {
    const { match } = await discloseOne(stage);
    const servers = {
      unwatched: await stage.beside(apiAlone),
      watched: await stage.beside({ ...apiAlone, RECOURSE_METRICS_PORT: port }),
    };
    const run = async (name: keyof typeof servers): Promise<Measurement> => {
      const { requests } = await signedSide(stage, match, options);
      return measure(servers[name], { url: servers[name].url, requests }, options);
    };
    for (const name of names) await run(name);
    const sides: Sides = { unwatched: [], watched: [] };
    for (let n = 0; n < options.rounds; n++) {
      // Whoever is second meets a fuller database.
      const inTurn = n % 2 === 0 ? names : names.toReversed();
      for (const name of inTurn) sides[name].push(await run(name));
    }
    return report(sides, options);
  } finally {
    clearInterval(collecting);
    await stage.close();
  }
}

const names = ['unwatched', 'watched'] as const;
type Sides = Record<(typeof names)[number], Measurement[]>;

/** Nobody listens before the server has started and once it has ended. */
async function collect(port: string): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`).catch(() => undefined);
  await answer?.text();
}

function report({ unwatched, watched }: Sides, options: BenchOptions): Report {
  const ofUnwatched = (figure: keyof Measurement): number =>
    median(watched.map((m, i) => m[figure] / unwatched[i]![figure]));
  return {
    bench: 'calls',
    setting: settingOf(options),
    rows: [rowOf('unwatched', unwatched), rowOf('watched', watched)],
    bars: [
      atLeast('throughput, watched of unwatched', ofUnwatched('rate'), 0.97),
      atMost('server CPU, watched of unwatched', ofUnwatched('cpu'), 1.03),
    ],
    notes: [
      'Watched: figures on a port of their own, collected each second, and a log in JSON. Unwatched: neither.',
    ],
  };
}
