import { randomBytes } from 'node:crypto';
import { settingOf, type BenchOptions } from './bench-calls.ts';
import type { LoadJob, LoadRequest, LoadResult, SlowJob } from './load/load.ts';
import { runLoad } from './load/run-load.ts';
import { atLeast, atMost, progress, round, type Report } from './report.ts';
import { signedRequest } from './signing.ts';
import { openStage, type Stage } from './stage.ts';
import { median, quantile } from './statistics.ts';

/** Addresses on loopback: who calls well, and who does not. */
const [good, bad] = ['127.0.0.2', '127.0.0.3'];
const kinds = ['calls', 'acts', 'ledger reads'] as const;
type Kind = (typeof kinds)[number];

/** The most a round may answer, and so the number of calls that are signed before it. */
const mostASecond = 1_000;
/** Seconds between the start of the neighbour and of the measurement. */
const leadSeconds = 1;

interface NeighbourSetting {
  readonly stage: Stage;
  readonly seconds: number;
  /** A call of another member under a signature that is not its own */
  readonly badCall: LoadRequest;
}

type Neighbour = (setting: NeighbourSetting) => LoadJob | SlowJob;

/** Work of one other address meanwhile. */
const neighbours = {
  'public documents': ({ stage, seconds }) => ({
    url: stage.signedUrl,
    requests: [{ path: '/governance.json' }, { path: '/openapi.json' }, { path: '/policies' }],
    isRepeated: true,
    connections: 400,
    seconds,
    from: bad,
  }),
  'bad signatures': ({ stage, seconds, badCall }) => ({
    url: stage.signedUrl,
    requests: [badCall],
    isRepeated: true,
    connections: 20,
    perSecond: 200,
    seconds,
    from: bad,
  }),
  'slow connections': ({ stage, seconds }) => ({
    slow: { url: stage.signedUrl, connections: 2_500, from: bad },
    seconds,
  }),
} satisfies Record<string, Neighbour>;

/**
 * Signed calls, acts of creators and ledger reads while one other address misbehaves, against the same alone, in turns;
 * and calls of a member behind the very address that sends bad signatures.
 */
export async function benchNeighbours(options: BenchOptions): Promise<Report> {
  const stage = await openStage();
  try {
    const code = await sampleCode(stage);
    const badCall = await tamperedCall(stage);
    const setting = { stage, badCall, seconds: options.seconds + 2 * leadSeconds };
    const work = new GoodWork(stage, code, options.seconds);
    await work.all(good);
    const beside = new Map<string, Ratio[]>();
    const note = (name: string, ratios: Ratio[]): unknown =>
      beside.set(name, [...(beside.get(name) ?? []), ...ratios]);
    const answered: Record<string, number> = {};
    for (let n = 0; n < options.rounds; n++) {
      progress(`round ${n + 1} of ${options.rounds}`);
      const alone = await work.all(good);
      for (const [name, neighbour] of Object.entries(neighbours)) {
        const [during, load] = await Promise.all([
          afterLead(() => work.all(good)),
          runLoad(neighbour(setting)),
        ]);
        for (const kind of kinds) note(`${name}: ${kind}`, [ratioOf(during[kind], alone[kind])]);
        answered[name] = Object.values(load.other).reduce((a, b) => a + b, load.answered);
      }
      const before = await work.one('calls', bad);
      const [during] = await Promise.all([
        afterLead(() => work.one('calls', bad)),
        runLoad(neighbours['bad signatures'](setting)),
      ]);
      note('bad signatures, same address: calls', [ratioOf(during, before)]);
    }
    return report(beside, answered, options);
  } finally {
    await stage.close();
  }
}

async function tamperedCall(stage: Stage): Promise<LoadRequest> {
  const by = stage.key({ name: 'Tubely', role: 'service' });
  const call = await signedRequest(stage, { by, op: 'sanctions.list', in: {} });
  const { body } = call;
  const at = body.length - 40;
  return { ...call, body: body.slice(0, at) + (body[at] === 'A' ? 'B' : 'A') + body.slice(at + 1) };
}

async function afterLead<T>(work: () => Promise<T>): Promise<T> {
  await new Promise((resolve) => setTimeout(resolve, leadSeconds * 1000));
  return work();
}

/** Figures beside the neighbour, divided by the same alone. */
interface Ratio {
  readonly rate: number;
  readonly p99: number;
  readonly aloneRate: number;
}

const ratioOf = (during: LoadResult, alone: LoadResult): Ratio => ({
  rate: during.answered / during.seconds / (alone.answered / alone.seconds),
  p99: quantile(during.latencies, 0.99) / quantile(alone.latencies, 0.99),
  aloneRate: alone.answered / alone.seconds,
});

/** Requests of members, creators and monitors, each two at a time. */
class GoodWork {
  readonly #stage: Stage;
  readonly #code: string;
  readonly #seconds: number;

  constructor(stage: Stage, code: string, seconds: number) {
    this.#stage = stage;
    this.#code = code;
    this.#seconds = seconds;
  }

  async all(from: string): Promise<Record<Kind, LoadResult>> {
    const jobs = await Promise.all(kinds.map((kind) => this.#jobOf(kind, from)));
    const [calls, acts, reads] = await Promise.all(jobs.map((job) => runLoad(job)));
    return { calls: calls!, acts: acts!, 'ledger reads': reads! };
  }

  async one(kind: Kind, from: string): Promise<LoadResult> {
    return runLoad(await this.#jobOf(kind, from));
  }

  async #jobOf(kind: Kind, from: string): Promise<LoadJob> {
    return {
      url: this.#stage.signedUrl,
      requests: await this.#requestsOf(kind),
      isRepeated: kind === 'ledger reads',
      connections: 2,
      seconds: this.#seconds,
      from,
    };
  }

  async #requestsOf(kind: Kind): Promise<LoadRequest[]> {
    if (kind === 'ledger reads') return [{ path: '/ledger/checkpoint' }];
    const length = this.#seconds * mostASecond;
    if (kind === 'acts') return Array.from({ length }, () => this.#openCase());
    const by = this.#stage.key({ name: 'Harbour', role: 'service' });
    const requests = [];
    for (let n = 0; n < length; n++) {
      requests.push(
        await signedRequest(this.#stage, { by, op: 'sanctions.list', in: { limit: 1 } }),
      );
    }
    return requests;
  }

  #openCase(): LoadRequest {
    const jti = randomBytes(18).toString('base64url');
    return {
      path: '/trpc/case.open',
      contentType: 'application/json',
      body: JSON.stringify({ jti, code: this.#code }),
    };
  }
}

/** The code of a case of the sandbox. */
async function sampleCode(stage: Stage): Promise<string> {
  const answer = await fetch(new URL('/sandbox', stage.signedUrl));
  const { cases } = (await answer.json()) as { cases: { code: string }[] };
  const [first] = cases;
  if (!first) throw new Error('the sandbox has no sample case');
  return first.code;
}

function report(
  beside: ReadonlyMap<string, readonly Ratio[]>,
  answered: Readonly<Record<string, number>>,
  options: BenchOptions,
): Report {
  const middle = (ratios: readonly Ratio[], figure: keyof Ratio): number =>
    median(ratios.map((ratio) => ratio[figure]));
  return {
    bench: 'neighbours',
    setting: { ...settingOf({ ...options, connections: 2 }), ...answered },
    rows: [...beside].map(([name, ratios]) => ({
      beside: name,
      'alone/s': round(middle(ratios, 'aloneRate')),
      'rate, of alone': round(middle(ratios, 'rate')),
      'p99, of alone': round(middle(ratios, 'p99')),
    })),
    bars: [...beside].flatMap(([name, ratios]) =>
      name.includes('same address')
        ? [atLeast(`${name}, rate`, middle(ratios, 'rate'), 0.5)]
        : [
            atLeast(`${name}, rate`, middle(ratios, 'rate'), 0.8),
            atMost(`${name}, p99`, middle(ratios, 'p99'), 3),
          ],
    ),
    notes: [
      'The other address: 400 connections that read as fast as they are answered, 200 bad signatures a second, or 2,500',
      'connections that drip. The setting names what it got: answers, or connections opened and cut.',
      'All processes share the cores: what the generator of a neighbour takes is taken from both.',
    ],
  };
}
