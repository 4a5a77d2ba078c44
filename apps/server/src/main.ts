#!/usr/bin/env -S node --conditions=@recourse/source
import process from 'node:process';
import { runBackup, runRestore } from './backup/run.ts';
import { isBounded } from './bounded/run-bounded.ts';
import { readConfig, readLogFormat } from './config/config.ts';
import { runDoctorApart } from './doctor/doctor-apart.ts';
import { runDoctor } from './doctor/run-doctor.ts';
import { ServerError } from './errors.ts';
import { commandIn, helpText, type CommandName } from './config/help.ts';
import { consoleLog, openLog, type Log, type ProcessLog } from './log.ts';
import { oprfKey } from './keys/oprf-key.ts';
import { assertNode } from './node-version.ts';
import { nextSteps } from './next-steps.ts';
import { printConfig } from './config/print-config.ts';
import { recoverSource } from './recover/recover-options.ts';
import { recover } from './recover/recover.ts';
import { runMigrate } from './run-migrate.ts';
import { startServer, type RunningServer } from './start-server.ts';

let log: ProcessLog = consoleLog();

// What nobody caught (a rejection that nobody handles, too) left something half done: the process ends, by name and place.
process.on('uncaughtException', (error) => {
  log.fault('uncaught', error);
  process.exit(1);
});

// Whoever read what is printed, such as head, has seen enough: the work goes on.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const environment = { env: process.env, out: process.stdout };

const run: Readonly<Record<CommandName, (args: readonly string[]) => Promise<number | void>>> = {
  serve,
  migrate: (args) => runMigrate({ ...environment, args, progress: process.stderr }),
  backup: (args) => runBackup({ ...environment, args }),
  restore: (args) => runRestore({ ...environment, args }),
  recover: recoverOnce,
  doctor: examine,
  config: async (args) => printConfig({ ...environment, args }),
  'oprf-key': async (args) => console.log(await oprfKey(readConfig(process.env), args)),
};

const [first] = process.argv.slice(2);

try {
  assertNode(process.versions.node);
  const asked = commandIn(process.argv.slice(2));
  if (asked === 'help') process.stdout.write(helpText());
  else process.exitCode = (await run[asked.command](asked.rest)) ?? 0;
} catch (error) {
  log.end(first === 'doctor' ? 'doctor' : 'start', error);
  const isUnknown = error instanceof ServerError && error.code === 'command_unknown';
  // A doctor that could not look has found nothing, neither good nor bad.
  process.exitCode = isUnknown || first === 'doctor' ? 2 : 1;
}

async function serve(args: readonly string[]): Promise<void> {
  log = openLog(readLogFormat(process.env, process.stdout.isTTY));
  const config = readConfig(process.env, args);
  const stopping = new AbortController();
  const starting = startServer(config, log, stopping.signal);
  stopOnSignals(starting, stopping, log);
  const server = await starting.catch((error: unknown) => {
    // Whoever told it to stop knows why it did not start.
    if (!stopping.signal.aborted) throw error;
  });
  if (!server) return;
  log.progress(`Recourse is ready at ${server.url}`);
  for (const line of nextSteps(config)) log.progress(line);
}

function examine(args: readonly string[]): Promise<number> {
  if (!isBounded()) {
    const { doctorHeapMb: heapMb } = readConfig(process.env);
    return runDoctorApart({ module: import.meta.filename, args, heapMb });
  }
  // Whoever started it has ended.
  process.once('disconnect', () => process.exit(130));
  process.channel?.unref();
  // A PostgreSQL that was started for this ends with the process.
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => process.exit(130));
  return runDoctor({ env: process.env, args, out: process.stdout, progress: process.stderr });
}

async function recoverOnce(args: readonly string[]): Promise<void> {
  const source = recoverSource(args);
  await recover(readConfig(process.env), source, log);
}

/** The first signal lets calls finish; the second ends the process at once, and its PostgreSQL with it. */
function stopOnSignals(
  starting: Promise<RunningServer>,
  stopping: AbortController,
  log: Log,
): void {
  const stop = async (): Promise<void> => {
    if (stopping.signal.aborted) process.exit(130);
    stopping.abort();
    log.progress('Stopping; a second signal stops at once');
    // A start that fails explains itself.
    const server = await starting.catch(() => undefined);
    await server?.stop();
    if (server) log.progress('Stopped');
    process.exit();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());
}
