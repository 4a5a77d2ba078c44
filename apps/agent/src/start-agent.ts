import { dirname, join } from 'node:path';
import { connect, type ConnectOptions } from '@recourse/sdk';
import { fileLedgerStore, filePins, fileSets } from '@recourse/sdk/node';
import { readDesk } from '@recourse/serving';
import type { AgentConfig } from './config.ts';
import { AgentError } from './errors.ts';
import { EventFeed } from './events/event-feed.ts';
import { EventLog } from './events/event-log.ts';
import { Webhook } from './events/webhook.ts';
import { deskUrlOf, isLocal } from './http/address.ts';
import { createApp } from './http/app.ts';
import type { DeskOptions } from './http/desk.ts';
import { listen, type Listener } from './http/listen.ts';
import { routesOf } from './http/routes/index.ts';
import { createInbox } from './inbox/inbox-app.ts';
import { readInbox } from './inbox/inbox-file.ts';
import { silentLog, type Log } from './log.ts';
import { measureWork, Metrics } from './metrics.ts';
import { deliver } from './outbox/deliver.ts';
import { Entries } from './outbox/entries.ts';
import { Outbox } from './outbox/outbox.ts';
import { SealedFolder } from './outbox/sealed-folder.ts';
import { checkInputOf } from './orders/sanction-input.ts';
import { SignedSubmissions } from './outbox/signed-submissions.ts';
import { readSigners } from './profile/identity.ts';
import { readProfile } from './profile/profile.ts';
import { sandboxConnection } from './profile/sandbox.ts';
import { QuestionStore } from './questions/question-store.ts';
import { Questions } from './questions/questions.ts';
import { readSecret } from './secrets/secret-source.ts';
import type { Services } from './services.ts';
import { makeSecret, openState, type StateFolder } from './state-folder.ts';
import { version } from './version.ts';
import { startWitness } from './witness.ts';

/** How long what is in flight may take once the agent is told to stop. */
const drainMs = 10_000;
const hourMs = 3_600_000;

/** A service waits for a check: what takes longer is unavailable, and the outbox has a patience of its own. */
const retry = { attempts: 2, maxWaitSeconds: 2, timeoutSeconds: 10 };

const clock = (): Date => new Date();

export interface RunningAgent {
  /** `http://127.0.0.1:4810`, or the path of a socket */
  readonly at: string;
  /** Address of the desks, where it serves them */
  readonly deskAt: string | undefined;
  /** Address of the inbox for webhooks, where it has one */
  readonly inboxAt: string | undefined;
  /** Address of the witness, where it is one */
  readonly witnessAt: string | undefined;
  /** Finishes what is in flight, for ten seconds at most; what waits is delivered after the next start */
  stop(): Promise<void>;
}

/**
 * Starts everything of one agent. With a profile it needs no registry to start.
 * @throws AgentError with what to do next
 */
export async function startAgent(config: AgentConfig, log: Log = silentLog): Promise<RunningAgent> {
  if (config.token === 'none' && !isLocal(config.address)) throw tokenRequired();
  const state = openState(config.stateDirectory);
  const stops: ((deadline: AbortSignal) => Promise<void>)[] = [async () => state.release()];
  const stop = async (): Promise<void> => {
    const deadline = AbortSignal.timeout(drainMs);
    for (const stop of stops.toReversed()) await stop(deadline);
  };
  try {
    const token = await tokenOf(config, { state, log });
    const connection = await connectionOf(config);
    const services = await openServices(config, { connection, state, log });
    stops.push(async () => services.events.close());
    const desk = deskOf(config, connection);
    const listening = await serve(config, { services, token, log, desk });
    stops.push((deadline) => listening.close(deadline));
    // Ended before the socket: streams of events and whoever waits for the registry would hold it until the deadline.
    stops.push(...startServices(services, log));
    if (config.webhook) stops.push(await startWebhook(config, { services, state, log }));
    const inbox = await startInbox(config, services, log);
    if (inbox) stops.push((deadline) => inbox.close(deadline));
    const witness = config.witness && (await startWitness(config.witness, state.witness));
    if (witness) stops.push(() => witness.stop());
    const deskAt = desk && deskUrlOf(listening.at);
    return { at: listening.at, deskAt, inboxAt: inbox?.at, witnessAt: witness?.url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A new one, readable by its owner alone, at the first start of an agent that was told nothing of one. */
async function tokenOf(
  { token, environment }: AgentConfig,
  { state, log }: { state: StateFolder; log: Log },
): Promise<string | undefined> {
  if (token === 'none') return undefined;
  if (token) return readSecret(token, environment);
  makeSecret(state.token);
  log.progress(`Services send the token in ${state.token}`);
  return readSecret({ kind: 'file', path: state.token }, environment);
}

async function openServices(
  config: AgentConfig,
  { connection, state, log }: { connection: Connection; state: StateFolder; log: Log },
): Promise<Services> {
  const submissions = new SignedSubmissions();
  const recourse = connect({
    ...connection,
    pins: filePins(state.pins),
    ledgerStore: fileLedgerStore(state.ledger),
    setStore: fileSets(state.sets),
    prefixes: config.checks.alwaysMatch ? 'always-match' : undefined,
    outbox: submissions,
    retry,
  });
  const metrics = new Metrics();
  const secret = await outboxKey(config);
  const folder = new SealedFolder(state.outbox, secret);
  const outbox = new Outbox({
    entries: new Entries(folder, clock),
    deliver: (entry, to) => deliver({ recourse, submissions, entry, ...to }),
    clock,
    log,
    onAttempt: (kind, end) => metrics.count('recourse_agent_deliveries_total', { kind, end }),
  });
  const events = new EventLog(state.events);
  const feed = new EventFeed({
    recourse,
    events,
    intervalSeconds: config.pollSeconds,
    log,
    onEvent: ({ type }) => metrics.count('recourse_agent_events_total', { type }),
  });
  const questions = new Questions({
    store: new QuestionStore(state.questions, secret),
    ask: (order, signal) => {
      const { creator, options } = checkInputOf(order);
      return recourse.check(creator, { ...options, signal });
    },
    tell: (event) => feed.add(event),
    clock,
    log,
    onEnd: ({ state: end }) => metrics.count('recourse_agent_questions_total', { state: end }),
  });
  measureWork(metrics, { outbox, questions, clock });
  const { checks } = config;
  return { recourse, checks, clock, outbox, questions, events, feed, metrics };
}

type Connection = Pick<ConnectOptions, 'registry' | 'party' | 'signers'>;

async function connectionOf(config: AgentConfig): Promise<Connection> {
  if (config.sandbox) return sandboxConnection(config.sandbox, config.url);
  const { origin, url, logKid, policy, party, keys } = readProfile(
    config.configFile,
    config.profile,
  );
  return {
    registry: { origin, logKid, policy, url: config.url ?? url ?? origin },
    party,
    signers: await readSigners({ profile: keys, given: config.keys }, config.environment),
  };
}

/** Beside the key files where nothing else was said: whoever has those needs no key of the outbox. */
async function outboxKey({ outboxKey: source, sandbox, ...config }: AgentConfig): Promise<string> {
  if (source) return readSecret(source, config.environment);
  const beside = sandbox ? config.stateDirectory : dirname(config.configFile);
  const path = join(beside, 'outbox.key');
  makeSecret(path);
  return readSecret({ kind: 'file', path }, config.environment);
}

/** Starts what runs beside the requests, and says how each of it ends. */
function startServices(
  { recourse, outbox, questions, feed }: Services,
  log: Log,
): ((deadline: AbortSignal) => Promise<void>)[] {
  outbox.start();
  questions.start();
  feed.start();
  const sweep = setInterval(() => outbox.forget(), hourMs);
  const following = new AbortController();
  const followed = recourse.prefixes.follow({
    signal: following.signal,
    onError: (error) => log.fault('prefix sets', error),
  });
  return [
    () => feed.stop(),
    () => questions.stop(),
    (deadline) => outbox.stop(deadline),
    async () => {
      clearInterval(sweep);
      following.abort();
      await followed;
    },
  ];
}

async function startWebhook(
  config: AgentConfig,
  { services, state, log }: { services: Services; state: StateFolder; log: Log },
): Promise<() => Promise<void>> {
  const { webhook, environment } = config;
  if (!webhook) return async () => undefined;
  const poster = new Webhook({
    url: webhook.url,
    allowPrivate: webhook.allowPrivate,
    secret: await readSecret(webhook.secret, environment),
    feed: services.feed,
    placeFile: state.webhookPlace,
    clock,
    log,
    onAttempt: (end) => services.metrics.count('recourse_agent_webhook_total', { end }),
  });
  poster.start();
  return () => poster.stop();
}

/** @throws AgentError `inbox-invalid` */
async function startInbox(
  { inboxFile, environment }: AgentConfig,
  { questions, metrics, clock: now }: Services,
  log: Log,
): Promise<Listener | undefined> {
  if (inboxFile === undefined) return undefined;
  const { address, sources } = await readInbox(inboxFile, environment);
  return listen(createInbox({ sources, questions, metrics, log, clock: now }), address);
}

/** @throws AgentError `desk-missing` */
function deskOf(
  { deskDir, sandbox }: AgentConfig,
  { registry }: Connection,
): DeskOptions | undefined {
  if (deskDir === undefined) return undefined;
  const files = readDesk(deskDir, sandbox ? 'sandbox' : 'production');
  if (files.size === 0) throw deskMissing(deskDir);
  return { files, registry: registry.url ?? registry.origin, isSandbox: sandbox !== undefined };
}

interface Serving {
  readonly services: Services;
  readonly token: string | undefined;
  readonly log: Log;
  readonly desk: DeskOptions | undefined;
}

function serve(
  { address, hosts }: AgentConfig,
  { services, token, log, desk }: Serving,
): Promise<Listener> {
  const names =
    address.kind === 'tcp' ? [address.host, ...hosts].map((name) => name.toLowerCase()) : undefined;
  const routes = routesOf(services);
  const { metrics } = services;
  return listen(createApp({ routes, token, hosts: names, version, metrics, log, desk }), address);
}

const deskMissing = (dir: string): AgentError =>
  new AgentError('desk-missing', {
    message: `The desks are not built: ${dir} has no files.`,
    next: 'Build them: node apps/console/build.ts. Or leave --desk out.',
  });

const tokenRequired = (): AgentError =>
  new AgentError('token-required', {
    message: 'Other machines could reach this address, and --no-token asks for none.',
    next: 'Leave --no-token out, and put TLS in front; or listen on 127.0.0.1 or unix:PATH.',
  });
