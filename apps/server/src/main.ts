#!/usr/bin/env -S node --conditions=@recourse/source
import process from 'node:process';
import { readConfig } from './config.ts';
import { ServerError } from './errors.ts';
import { consoleLog, type Log } from './log.ts';
import { assertNode } from './node-version.ts';
import { nextSteps } from './next-steps.ts';
import { startServer, type RunningServer } from './start-server.ts';

const log = consoleLog();

// What nobody caught (a rejection that nobody handles, too) left something half done: the process ends, by name and place.
process.on('uncaughtException', (error) => {
  log.fault('uncaught', error);
  process.exit(1);
});

try {
  assertNode(process.versions.node);
  const config = readConfig(process.env, process.argv.slice(2));
  const starting = startServer(config, log);
  stopOnSignals(starting, log);
  const server = await starting;
  log.progress(`Recourse is ready at ${server.url}`);
  for (const line of nextSteps(config)) log.progress(line);
} catch (error) {
  explain(error);
  process.exitCode = 1;
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

function explain(error: unknown): void {
  if (error instanceof ServerError) console.error(`${error.message} (${error.code})`);
  else log.fault('start', error);
}
