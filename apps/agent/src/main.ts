#!/usr/bin/env -S node --conditions=@recourse/source
import process from 'node:process';
import { readConfig } from './config.ts';
import { AgentError } from './errors.ts';
import { consoleLog } from './log.ts';
import { helpText } from './options.ts';
import { startAgent, type RunningAgent } from './start-agent.ts';

const log = consoleLog();

// What nobody caught left something half done: the process ends, and what was taken is on the disk.
process.on('uncaughtException', (error) => {
  log.fault('uncaught', error);
  process.exit(1);
});

const args = process.argv.slice(2);

try {
  if (args.includes('--help')) process.stdout.write(helpText());
  else await run();
} catch (error) {
  explain(error);
  process.exitCode = error instanceof AgentError && error.code === 'usage' ? 2 : 1;
}

async function run(): Promise<void> {
  const starting = startAgent(readConfig(args, process.env), log);
  stopOnSignals(starting);
  const { at, deskAt, inboxAt, witnessAt } = await starting;
  log.progress(`The agent is ready at ${at}; what it answers is at /docs`);
  if (deskAt !== undefined) log.progress(`The desk is at ${deskAt}`);
  if (inboxAt !== undefined) log.progress(`Webhooks of others are taken at ${inboxAt}/in/`);
  if (witnessAt !== undefined) log.progress(`Its witness is at ${witnessAt}`);
}

/** The first signal lets what is in flight finish; the second ends the process at once. */
function stopOnSignals(starting: Promise<RunningAgent>): void {
  let isStopping = false;
  const stop = async (): Promise<void> => {
    if (isStopping) process.exit(130);
    isStopping = true;
    log.progress('Stopping; a second signal stops at once');
    // A start that fails explains itself.
    const agent = await starting.catch(() => undefined);
    await agent?.stop();
    process.exit();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());
}

function explain(error: unknown): void {
  if (error instanceof AgentError) {
    console.error(`${error.message} (${error.code})\n${error.next}`);
  } else log.fault('start', error);
}
