import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signerFromJwk, type PrivateJwk, type Signer } from '@recourse/protocol';
import type { FilledTables } from './bulk/bulk.ts';
import type { LoopDelay } from './event-loop.ts';
import type { AppendResult } from './ledger/append.ts';
import type { Lags } from './ledger/lag-meter.ts';
import { ask, startChild } from './load/run-load.ts';
import { timeOfTree } from './process-time.ts';
import type { ServingAgent } from './serve-agent.ts';
import type { ServerBeside } from './serve-beside.ts';
import type { ServerUnderLoad } from './serve.ts';
import type { TappedCall } from './tap.ts';
import type { ToldPlatform } from './told-platforms.ts';
import type { Usage, UsageWithDatabase } from './usage.ts';

export interface StageKey {
  readonly party: string;
  readonly name: string;
  readonly holder: string;
  readonly role: string;
  readonly admin: boolean;
  readonly kid: string;
  readonly privateJwk: PrivateJwk;
}

/** A process whose cost an answer is measured by. */
export interface MeasuredServer {
  usage(): Promise<UsageWithDatabase>;
}

/** A sandbox registry in a process of its own, on a durable PostgreSQL in a folder that goes with it. */
export interface Stage extends ServerUnderLoad, MeasuredServer {
  /** @param of.holder which of those with the role, from 1 */
  key(person: { name: string; role: string; holder?: number }): { key: StageKey; signer: Signer };
  /** Data directory of the sandbox */
  readonly dataDir: string;
  /** Adds platforms by SQL, the first of them with keys */
  platforms(crowd: { count: number; keyed: number }): Promise<ToldPlatform[]>;
  /** Ends the hold of a record that its creator was told of */
  show(sanction: string): Promise<unknown>;
  /** Writes that platforms were told of a sanction */
  tell(disclosure: { sanction: string; parties: readonly string[] }): Promise<unknown>;
  /** Lets so many realistic entries wait for the sequencer all at once, until they are in the log */
  append(count: number): Promise<AppendResult>;
  /** Commits so many rows of a check, one after the other. @returns milliseconds of each */
  commit(count: number): Promise<number[]>;
  /** Watches the ledger from now on. @returns ends it, with what every commit lagged */
  watch(): Promise<() => Promise<Lags>>;
  /** Watches how long the event loop of the server keeps others waiting. @returns ends it, with what it saw */
  watchLoop(): Promise<() => Promise<LoopDelay>>;
  /** Watches what evaluations take in the server from now on. @returns ends it, with what it saw */
  tap(): Promise<() => Promise<TappedCall[]>>;
  /** Fills the tables to so many tokens, a part of them disclosed to one platform */
  fillTables(fill: { tokens: number; told: string }): Promise<FilledTables>;
  /** Starts one more server on the same database, which ends with the stage */
  beside(settings?: Readonly<Record<string, string>>): Promise<ServerBeside & MeasuredServer>;
  /** Starts an agent of a sample platform, which ends with the stage. @returns where it answers */
  agent(as: string): Promise<string>;
  close(): Promise<void>;
}

interface StageOptions {
  /** Whether {@link Stage.tap} will be asked */
  readonly isTapped?: boolean;
  /** Milliseconds for which each flush of the log of PostgreSQL waits, as for a standby */
  readonly commitMs?: number;
  /** More of the environment of its server */
  readonly settings?: Readonly<Record<string, string>>;
}

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const dataDir = await mkdtemp(join(tmpdir(), 'recourse-bench-'));
  const settings = settingsOf(dataDir, options);
  const child = startChild(new URL('./serve.ts', import.meta.url), settings);
  const others: ChildProcess[] = [];
  const closeAll = async (): Promise<void> => {
    for (const other of others) await end(other);
    await end(child);
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const serving = await ask<ServerUnderLoad>(child, { message: 'serving' });
    const signers = await readSigners(dataDir);
    const usageOf = async (server: ChildProcess): Promise<UsageWithDatabase> => ({
      ...(await ask<Usage>(server, { message: 'usage' })),
      databaseMicroseconds: await timeOfTree(serving.postgresPid),
    });
    return {
      ...serving,
      dataDir,
      key: (person) => keyOf(signers, person),
      usage: () => usageOf(child),
      platforms: (crowd) => ask<ToldPlatform[]>(child, { message: 'platforms', of: crowd }),
      show: (sanction) => ask(child, { message: 'show', of: sanction }),
      tell: (disclosure) => ask(child, { message: 'tell', of: disclosure }),
      append: (count) => ask<AppendResult>(child, { message: 'append', of: count }),
      commit: (count) => ask<number[]>(child, { message: 'commit', of: count }),
      watch: watching<Lags>(child, ['watch', 'watched']),
      watchLoop: watching<LoopDelay>(child, ['loop', 'looped']),
      tap: watching<TappedCall[]>(child, ['tap', 'tapped']),
      fillTables: (fill) => ask<FilledTables>(child, { message: 'fill', of: fill }),
      beside: async (more = {}) => {
        const server = startBeside(serving, { ...settings, ...more });
        others.push(server);
        const { url } = await ask<ServerBeside>(server, { message: 'serving' });
        return { url, usage: () => usageOf(server) };
      },
      agent: async (as) => {
        const agent = startAgentOf({ as, dataDir, url: serving.signedUrl });
        others.push(agent);
        return (await ask<ServingAgent>(agent, { message: 'serving' })).at;
      },
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** One message begins it, and another ends it with what was seen. */
const watching =
  <T>(child: ChildProcess, [begin, end]: readonly [string, string]) =>
  async (): Promise<() => Promise<T>> => {
    await ask(child, { message: begin });
    return () => ask<T>(child, { message: end });
  };

const settingsOf = (
  dataDir: string,
  { isTapped = false, commitMs = 0, settings }: StageOptions,
): Readonly<Record<string, string>> => ({
  BENCH_COMMIT_DELAY: String(1000 * commitMs),
  ...(isTapped ? { BENCH_TAP: '1' } : {}),
  RECOURSE_DATA_DIR: dataDir,
  RECOURSE_MODE: 'sandbox',
  // What is measured is work, and not the wait that hides what was found.
  RECOURSE_MATCH_CLASS_MS: '0',
  ...settings,
});

const startBeside = (
  { origin, databaseUrl, ownerUrl }: ServerUnderLoad,
  settings: Readonly<Record<string, string>>,
): ChildProcess =>
  startChild(new URL('./serve-beside.ts', import.meta.url), {
    ...settings,
    RECOURSE_ORIGIN: origin,
    DATABASE_URL: databaseUrl,
    DATABASE_OWNER_URL: ownerUrl,
  });

type StageSigner = ReturnType<Stage['key']>;

function keyOf(signers: readonly StageSigner[], person: Parameters<Stage['key']>[0]): StageSigner {
  const matching = signers.filter(
    ({ key }) => key.name === person.name && key.role === person.role,
  );
  const found = matching[(person.holder ?? 1) - 1];
  if (!found) throw new Error(`the sandbox has no ${person.role} key of ${person.name}`);
  return found;
}

async function readSigners(dataDir: string): Promise<{ key: StageKey; signer: Signer }[]> {
  const text = await readFile(join(dataDir, 'sandbox.json'), 'utf8');
  const { parties } = JSON.parse(text) as { parties: StageKey[] };
  return Promise.all(
    parties.map(async (key) => ({ key, signer: await signerFromJwk(key.privateJwk) })),
  );
}

const startAgentOf = (agent: { as: string; dataDir: string; url: string }): ChildProcess =>
  startChild(new URL('./serve-agent.ts', import.meta.url), {
    RECOURSE_AGENT_SANDBOX: agent.dataDir,
    RECOURSE_AGENT_AS: agent.as,
    RECOURSE_AGENT_URL: agent.url,
    RECOURSE_AGENT_STATE: join(agent.dataDir, `agent-${agent.as}`),
    RECOURSE_AGENT_LISTEN: '127.0.0.1:0',
    RECOURSE_AGENT_NO_TOKEN: '1',
  });

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || !child.connected) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.send({ message: 'stop' });
  const giveUp = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await ended;
  clearTimeout(giveUp);
}
