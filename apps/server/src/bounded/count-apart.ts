import type { ChildProcess } from 'node:child_process';
import { extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OperatorStatement, Services, StoredReport } from '@recourse/registry';
import type { ServerConfig } from '../config/config.ts';
import { runningPostgresUrl } from '../postgres/embedded-postgres.ts';
import { ServerError } from '../errors.ts';
import { endOf, startBounded, type BoundedEnd } from './run-bounded.ts';

/** Job of the process: none of it is in its arguments or its environment, which others may see. */
export interface CountJob {
  readonly url: string;
  /** base64 */
  readonly vaultKey: string;
  /** Milliseconds, by the clock of the registry */
  readonly now: number;
  readonly deadlines: Services['deadlines'];
  readonly stated: OperatorStatement;
}

export type CountAnswer =
  | { readonly at: number; readonly document: string }
  | { readonly failed: string };

export interface CountOptions {
  readonly config: Pick<
    ServerConfig,
    'databaseUrl' | 'dataDir' | 'deadlines' | 'governance' | 'reportHeapMb'
  >;
  readonly vaultKey: Uint8Array;
  readonly now: Date;
  /** Ends the process */
  readonly signal: AbortSignal;
  readonly withinMs?: number;
}

/** Less than the hour in which no other attempt begins. */
const usualMs = 50 * 60_000;

/**
 * Counts the report in a process of its own, whose heap is bounded.
 * @returns nothing once the signal was given
 * @throws ServerError `report_out_of_memory`, `report_late`, `report_killed` or `report_failed`
 */
export async function countApart(options: CountOptions): Promise<StoredReport | undefined> {
  const child = startBounded({
    module: join(import.meta.dirname, 'count-once', `main${extname(import.meta.filename)}`),
    heapMb: options.config.reportHeapMb,
    // What V8 says of a full heap is no line of this log.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const answers: CountAnswer[] = [];
  child.on('message', (answer) => answers.push(answer as CountAnswer));
  // It ends, and that says it.
  child.on('error', () => undefined);
  child.send(jobOf(options), () => undefined);
  const end = await within(child, options);
  const [answer] = answers;
  if (answer && 'document' in answer) return { at: new Date(answer.at), document: answer.document };
  if (options.signal.aborted) return undefined;
  throw failureOf(answer?.failed ?? end, options.config);
}

function jobOf({ config, vaultKey, now }: CountOptions): CountJob {
  const { databaseUrl, dataDir, deadlines, governance } = config;
  return {
    // An embedded one that is down is one that does not answer.
    url: databaseUrl ?? runningPostgresUrl(join(dataDir, 'postgres')) ?? 'postgres://localhost/',
    vaultKey: Buffer.from(vaultKey).toString('base64'),
    now: now.getTime(),
    deadlines,
    stated: { panelPaidBy: governance.panelPaidBy ?? null },
  };
}

async function within(
  child: ChildProcess,
  { signal, withinMs = usualMs }: CountOptions,
): Promise<BoundedEnd | 'late'> {
  const ended = new AbortController();
  const giveUp = AbortSignal.any([signal, ended.signal]);
  const late = sleep(withinMs, 'late' as const, { signal: giveUp, ref: false }).catch(
    () => 'killed' as const,
  );
  const end = endOf(child);
  const first = await Promise.race([end, late]);
  ended.abort();
  if (child.exitCode === null) child.kill('SIGKILL');
  await end;
  return first;
}

function failureOf(end: string | number, { reportHeapMb }: CountOptions['config']): ServerError {
  if (end === 'out-of-memory')
    return new ServerError(
      'report_out_of_memory',
      `its process ran out of memory: the log does not fit into ${reportHeapMb} MB. Set RECOURSE_REPORT_HEAP_MB to ${2 * reportHeapMb}`,
    );
  if (end === 'late')
    return new ServerError(
      'report_late',
      'its process took 50 minutes. Look in pg_stat_activity for what it waits for, and how busy the machine is',
    );
  if (end === 'killed')
    return new ServerError(
      'report_killed',
      'something killed its process. Where that was the machine, give it more memory, or set RECOURSE_REPORT_HEAP_MB to less',
    );
  return new ServerError(
    'report_failed',
    `its process failed (${end}). Look whether PostgreSQL answers, and run doctor --ledger`,
  );
}
