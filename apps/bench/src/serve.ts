import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { serve } from '@hono/node-server';
import { connect, type Db } from '@recourse/registry';
import { readConfig, startServer } from '@recourse/server';
import { freePort, startEmbeddedPostgres } from '@recourse/server/embedded-postgres';
import { newId } from '@recourse/protocol';
import { bareApp } from './bare-app.ts';
import { Bulk } from './bulk/bulk.ts';
import { watchLoop, type LoopDelay } from './event-loop.ts';
import { append } from './ledger/append.ts';
import type { Lags } from './ledger/lag-meter.ts';
import { LogStory } from './ledger/log-story.ts';
import { watchLedger } from './ledger/watch-ledger.ts';
import { endTap, startTap, tapSockets } from './tap.ts';
import { insertDisclosures, insertPlatforms } from './told-platforms.ts';
import { usage } from './usage.ts';

/**
 * The process under load: a real server, and beside it on another port the bare one, with the same
 * services, pool and database. Only one of them is loaded at a time.
 */
export interface ServerUnderLoad {
  readonly signedUrl: string;
  readonly bareUrl: string;
  readonly origin: string;
  /** Its database as the service role, and as the owner */
  readonly databaseUrl: string;
  readonly ownerUrl: string;
  /** Process id of its PostgreSQL */
  readonly postgresPid: number;
}

// Each write costs a little more then: only who reads the round trips asks for them.
if (process.env['BENCH_TAP'] !== undefined) tapSockets();
const [port, barePort] = [await freePort(), await freePort()];
const config = readConfig({ ...process.env, RECOURSE_PORT: String(port) });
// By itself here, and not by the server: a bench that fills tables does so as their owner.
const postgres = await startEmbeddedPostgres({
  dataDir: join(config.dataDir, 'postgres'),
  settings: {
    max_wal_size: '4GB',
    max_connections: '200',
    commit_delay: process.env['BENCH_COMMIT_DELAY'] ?? '0',
    commit_siblings: '0',
  },
});
const owner = connect({ url: postgres.ownerUrl, connections: 1 });
const server = await startServer({
  ...config,
  databaseUrl: postgres.url,
  databaseOwnerUrl: postgres.ownerUrl,
});
const bare = serve({
  fetch: bareApp(server.services).fetch,
  port: barePort,
  hostname: '127.0.0.1',
});

type Message =
  | {
      message:
        | 'serving'
        | 'usage'
        | 'watch'
        | 'watched'
        | 'loop'
        | 'looped'
        | 'tap'
        | 'tapped'
        | 'stop';
    }
  | { message: 'fill'; of: { tokens: number; told: string } }
  | { message: 'append' | 'commit'; of: number }
  | { message: 'platforms'; of: Parameters<typeof insertPlatforms>[1] }
  | { message: 'show'; of: string }
  | { message: 'tell'; of: Parameters<typeof insertDisclosures>[1] };

process.on('message', (message: Message) => {
  if (message.message === 'stop') void stop();
  else void answer(message).then((sent) => process.send?.(sent));
});

const story = new LogStory();
let endWatch: (() => Promise<Lags>) | undefined;
let endLoop: (() => LoopDelay) | undefined;
let bulk: Bulk | undefined;

async function answer(message: Exclude<Message, { message: 'stop' }>): Promise<object> {
  const { db } = server.services;
  if (message.message === 'platforms') return insertPlatforms(db, message.of);
  if (message.message === 'append') return append(db, story, message.of);
  if (message.message === 'commit') return commitRows(db, message.of);
  if (message.message === 'fill') return fill(message.of);
  if (message.message === 'usage') return usage();
  if (message.message === 'show') await showNow(message.of);
  if (message.message === 'tell') await insertDisclosures(db, message.of);
  return (await watch(message.message)) ?? serving();
}

/** Its creator was told, and its hold is over: only a sandbox has holds of no time. */
const showNow = (sanction: string) =>
  server.services.db
    .updateTable('sanctions')
    .set((eb) => ({ others_from: eb.ref('notified_at'), visible_from: eb.ref('notified_at') }))
    .where('id', '=', sanction)
    .execute();

/** Begins what is measured meanwhile, or ends it with its figures. */
async function watch(message: Message['message']): Promise<object | undefined> {
  if (message === 'loop') endLoop = watchLoop();
  if (message === 'looped') return endLoop?.();
  if (message === 'tap') startTap();
  if (message === 'tapped') return endTap();
  if (message === 'watch') endWatch = watchLedger(server.services.db);
  return message === 'watched' ? endWatch?.() : undefined;
}

// Whoever measures is gone: nothing of this may stay behind.
process.on('disconnect', () => void stop());

const serving = (): ServerUnderLoad => ({
  signedUrl: server.url,
  bareUrl: `http://127.0.0.1:${barePort}`,
  origin: server.origin,
  databaseUrl: postgres.url,
  ownerUrl: postgres.ownerUrl,
  postgresPid: postgres.pid,
});

function fill({ tokens, told }: { tokens: number; told: string }): Promise<object> {
  bulk ??= new Bulk({ owner, vault: server.services.vault, told });
  return bulk.fill(tokens);
}

async function stop(): Promise<void> {
  bare.close();
  await server.stop();
  await owner.destroy();
  await postgres.stop();
  process.exit();
}

/** Commits rows one by one, durably: the least that a call which leaves a trace can do. @returns milliseconds of each */
async function commitRows(db: Db, count: number): Promise<number[]> {
  const { id: party } = await db
    .selectFrom('parties')
    .select('id')
    .where('name', '=', 'Tubely')
    .executeTakeFirstOrThrow();
  const milliseconds: number[] = [];
  for (let i = 0; i < count; i++) {
    const at = new Date();
    const id = newId('chk', { now: at, random: (size) => randomBytes(size) });
    const common = { party, purpose: 'monetisation', elements: 1 } as const;
    const begun = performance.now();
    await db
      .insertInto('checks')
      .values({ id, ...common, proven_at: null, ref: null, at })
      .execute();
    milliseconds.push(performance.now() - begun);
  }
  return milliseconds;
}
