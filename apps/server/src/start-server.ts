import type { VerifierKey } from '@recourse/ledger';
import type { CallHandler, CaseHandler, Services } from '@recourse/registry';
import { countApart } from './bounded/count-apart.ts';
import { composeHandlers } from './compose-handlers.ts';
import { composeServices, type ServerParts } from './compose-services.ts';
import type { ServerConfig } from './config/config.ts';
import { prepareDataDir } from './data-dir.ts';
import { openDatabase } from './database.ts';
import { createApp } from './http/app.ts';
import { answerCalls } from './http/calls.ts';
import { CaseRateLimiter } from './http/case-rate-limiter.ts';
import { Changes } from './http/changes.ts';
import type { HttpServices } from './http/context.ts';
import { FailureLimits } from './http/failure-limits.ts';
import { listen, type Listener } from './http/listen.ts';
import { MatchTimes } from './http/match-times.ts';
import type { Queues } from './http/queues.ts';
import { openReadiness } from './http/readiness.ts';
import { SourceQueue } from './http/source-queue.ts';
import { openWaitingRoom, type WaitingRoom } from './http/waiting-room.ts';
import type { Announcement } from './keys/announce.ts';
import type { EpochKeys } from './keys/epoch-keys.ts';
import { loadKeyMaterial, type KeyMaterial } from './keys/key-material.ts';
import { logNoteSigner } from './ledger/log-signer.ts';
import { openLedger } from './ledger/open-ledger.ts';
import { silentLog, type Log } from './log.ts';
import type { Watching } from './metrics/watching.ts';
import { openDueWork, type OpenDueWork } from './open-due-work.ts';
import { inviteOperator } from './operator-invite.ts';
import { PrefixWork } from './prefixes/prefix-work.ts';
import { openRightClock, type RightClock } from './right-clock.ts';
import { sandboxServices, type SandboxServices } from './sandbox/sandbox-services.ts';
import { openSandboxWitnesses, posting } from './sandbox/sandbox-witnesses.ts';
import { setUpSandbox } from './sandbox/set-up.ts';
import { openTraces } from './traces/open-traces.ts';
import { untilStarted } from './until-started.ts';

/** A registry that answers. */
export interface RunningServer {
  /** Where it listens, e.g. http://127.0.0.1:4800 */
  readonly url: string;
  readonly origin: string;
  /** What it is composed of, for measurements in this process */
  readonly services: Services;
  /** Finishes what is in flight, then ends database and PostgreSQL; safe to call twice */
  stop(): Promise<void>;
}

/**
 * Starts a registry: its PostgreSQL, schema, keys, in a sandbox its sample platforms, and the listener. It waits for a
 * PostgreSQL that fails over, and for the shared folder, as long as `startWaitSeconds` says.
 * @param signal that somebody told it to stop before it has started
 * @throws ServerError; what was started until then is ended
 */
export async function startServer(
  config: ServerConfig,
  log: Log = silentLog,
  signal: AbortSignal = new AbortController().signal,
): Promise<RunningServer> {
  prepareDataDir(config);
  const room = await openWaitingRoom(config);
  try {
    const keys = await loadKeyMaterial(config);
    sayCreated(keys, { config, log });
    const attempt = (): Promise<RunningServer> => startOnce({ config, keys, log, room });
    return await untilStarted(attempt, { config, log, room, signal });
  } catch (error) {
    await room.leave();
    throw error;
  }
}

interface Starting extends Pick<ServerParts, 'config' | 'keys' | 'log'> {
  readonly room: WaitingRoom;
}

async function startOnce({ config, keys, log, room }: Starting): Promise<RunningServer> {
  const closers: (() => Promise<void>)[] = [];
  const stop = once(async () => {
    for (const close of closers.toReversed()) await close();
  });
  try {
    const traces = await openTraces(config, log);
    closers.push(() => traces.close());
    const database = await openDatabase(config, log);
    closers.push(() => database.close());
    const http: OpenHttp = {};
    closers.push(async () => http.listener?.close());
    const registry = await compose({ config, keys, database, traces, log, closers });
    await serve(registry, { http, room });
    return {
      url: `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${config.port}`,
      origin: config.origin,
      services: registry.services,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** In production each of these files is lost once and for all when it is lost. */
function sayCreated(
  { created }: KeyMaterial,
  { config, log }: { config: ServerConfig; log: Log },
): void {
  if (created.length === 0) return;
  if (config.mode === 'sandbox') return log.progress(`Creating keys in ${config.keysDir}`);
  for (const path of created) log.progress(`Created ${path}: keep a copy apart from the database`);
}

interface Registry extends ServerParts {
  readonly services: Services;
  readonly calls: CallHandler;
  readonly cases: CaseHandler;
  readonly due: OpenDueWork;
  readonly queues: Queues;
  readonly watching: Watching;
  readonly announced: Announcement;
  readonly epochs: EpochKeys;
  readonly noteKey: VerifierKey;
  readonly rightClock: RightClock;
  /** Only of a sandbox, whose clock can be moved */
  readonly sandbox: SandboxServices | undefined;
}

async function compose(composing: ServerParts): Promise<Registry> {
  const { config, keys, traces, log, closers } = composing;
  const { services, announced, epochs, clock, opened } = await composeServices(composing);
  const rightClock = openRightClock(services, log);
  const { queues, calls, cases, watching } = composeHandlers(services, {
    config,
    log,
    traces,
  });
  const noteSigner = logNoteSigner(keys.logSigner, config.origin);
  const witnesses =
    clock &&
    (await openSandboxWitnesses({ config, log: noteSigner.key, clock: () => clock.now() }));
  closers.push(async () => witnesses?.close());
  const post = posting(config, witnesses);
  const ledger = await openLedger({ config, services, signer: noteSigner, post, log });
  closers.push(() => ledger.stop());
  ledger.start();
  const due = openDue(composing, { services, clock: rightClock });
  const works = config.role !== 'api';
  if (clock) await setUpSandbox({ config, services, calls, clock, witnesses, log });
  else if (config.role !== 'worker')
    await inviteOperator({ config, services, log, logKid: keys.logSigner.kid });
  if (works) await publishPrefixes(composing, { services, clock: rightClock });
  if (works) opened.onNotice(() => due.handOverNotices());
  const settle = async (): Promise<void> => {
    await epochs.refresh();
    await due.run();
  };
  const { outbox } = opened;
  const parts = { services, calls, acts: cases, logKid: keys.logSigner.kid, settle, outbox, log };
  const sandbox = clock && sandboxServices(config, { ...parts, clock, witnesses });
  closers.push(async () => sandbox?.filling.stop());
  closers.push(() => due.stop());
  const noteKey = noteSigner.key;
  return {
    ...composing,
    services,
    calls,
    cases,
    due,
    queues,
    watching,
    announced,
    epochs,
    noteKey,
    rightClock,
    sandbox,
  };
}

const openDue = (
  { config, keys, log }: ServerParts,
  { services, clock }: { services: Services; clock: RightClock },
): OpenDueWork =>
  openDueWork(services, {
    log,
    clock,
    countReport: (signal) =>
      countApart({ config, vaultKey: keys.vaultKey, now: services.clock(), signal }),
  });

/** Who checks once this server answers finds every record in the first set. */
async function publishPrefixes(
  { keys, log, closers }: ServerParts,
  { services, clock }: { services: Services; clock: RightClock },
): Promise<void> {
  const onFailure = (error: unknown): void => log.fault('prefixes', error);
  const work = new PrefixWork({ services, signer: keys.setSigner, onFailure, clock });
  closers.push(() => work.stop());
  await work.start();
}

/** Set once it listens, and closed once the log is signed for the last time */
interface OpenHttp {
  listener?: Listener;
}

async function serve(
  registry: Registry,
  { http: open, room }: { http: OpenHttp; room: WaitingRoom },
): Promise<void> {
  const { closers, config, keys, services, calls, cases, due, queues, announced, noteKey } =
    registry;
  const { sandbox, epochs, log, watching, traces, rightClock } = registry;
  const readiness = openReadiness(services, { rightClock, log });
  closers.push(async () => readiness.stop());
  const failures = new FailureLimits(config.failures);
  const http: HttpServices = {
    config,
    services,
    calls,
    announced,
    epochs,
    logKey: keys.logSigner.publicJwk,
    noteKey,
    setKey: keys.setSigner.publicJwk,
    queues,
    failures,
    matchTimes: new MatchTimes({ smallest: config.matchClassMs }),
    changes: new Changes(),
    caseRateLimiter: new CaseRateLimiter({ handler: cases, origin: config.origin }),
    largeBodies: new SourceQueue({ perSource: 2, waiting: 4, total: 16 }),
    log,
    ...(sandbox ? { sandbox } : {}),
    readiness,
  };
  closers.push(await watching.serve({ services, queues, readiness, due }));
  await room.leave();
  const listener = await listen(createApp(http), {
    config,
    failures,
    onEnded: watching.onEnded,
    traces,
    calls: config.role === 'worker' ? undefined : answerCalls(http),
  });
  open.listener = listener;
  closers.push(async () => {
    readiness.stop();
    await listener.drain();
    await calls.close();
  });
  readiness.start();
  if (config.role !== 'api') due.start();
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= run());
}
