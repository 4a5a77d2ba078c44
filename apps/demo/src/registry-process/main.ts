import process from 'node:process';
import { consoleLog, readConfig, startServer } from '@recourse/server';

// The registry of the demo in a process of its own, so that its whole output can be searched. Told by its parent
// how to run; ends with it.
process.once('message', (settings: Record<string, string>) => void run(settings));
process.once('disconnect', () => process.exit());

async function run(settings: Record<string, string>): Promise<void> {
  const log = consoleLog();
  try {
    const server = await startServer(readConfig(settings), log);
    process.once('message', () => void server.stop().then(() => process.exit()));
    process.send?.({ ready: true });
  } catch (error) {
    log.fault('start', error);
    console.error(error instanceof Error && error.name === 'ServerError' ? error.message : '');
    process.exit(1);
  }
}
