#!/usr/bin/env -S node --conditions=@recourse/source
import process from 'node:process';
import { runBackup, runRestore } from './backup/run.ts';
import { readConfig, readLogFormat } from './config.ts';
import { runDoctor } from './doctor/run-doctor.ts';
import { consoleLog, openLog, type Log, type ProcessLog } from './log.ts';
import { oprfKey } from './keys/oprf-key.ts';
import { assertNode } from './node-version.ts';
import { nextSteps } from './next-steps.ts';
import { printConfig } from './print-config.ts';
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

const [command, ...rest] = process.argv.slice(2);

try {
  assertNode(process.versions.node);
  if (command === 'doctor') process.exitCode = await examine(rest);
  else if (command === 'config')
    process.exitCode = printConfig({ env: process.env, args: rest, out: process.stdout });
  else if (command === 'backup')
    await runBackup({ env: process.env, args: rest, out: process.stdout });
  else if (command === 'restore')
    await runRestore({ env: process.env, args: rest, out: process.stdout });
  else if (command === 'migrate')
    await runMigrate({ env: process.env, args: rest, out: process.stdout });
  else if (command === 'oprf-key') console.log(await oprfKey(readConfig(process.env), rest));
  else if (command === 'recover') await recoverOnce(rest);
  else await serve(process.argv.slice(2));
} catch (error) {
  log.end(command === 'doctor' ? 'doctor' : 'start', error);
  // A doctor that could not look has found nothing, neither good nor bad.
  process.exitCode = command === 'doctor' ? 2 : 1;
}

async function serve(args: readonly string[]): Promise<void> {
  log = openLog(readLogFormat(process.env, process.stdout.isTTY));
  const config = readConfig(process.env, args);
  const starting = startServer(config, log);
  stopOnSignals(starting, log);
  const server = await starting;
  log.progress(`Recourse is ready at ${server.url}`);
  for (const line of nextSteps(config)) log.progress(line);
}

function examine(args: readonly string[]): Promise<number> {
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
function stopOnSignals(starting: Promise<RunningServer>, log: Log): void {
  let isStopping = false;
  const stop = async (): Promise<void> => {
    if (isStopping) process.exit(130);
    isStopping = true;
    log.progress('Stopping; a second signal stops at once');
    // A start that fails explains itself.
    const server = await starting.catch(() => undefined);
    await server?.stop();
    if (server) log.progress('Stopped');
    process.exit();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());
}
