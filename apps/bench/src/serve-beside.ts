import { openLog, readConfig, silentLog, startServer } from '@recourse/server';
import { freePort } from '@recourse/server/embedded-postgres';
import { usage } from './usage.ts';

/** One more server of a registry, in a process of its own. Configured by its environment. */
export interface ServerBeside {
  readonly url: string;
}

const config = readConfig({ ...process.env, RECOURSE_PORT: String(await freePort()) });
// One that is watched says what it has to say as programs collect it.
const server = await startServer(config, config.metrics ? openLog('json') : silentLog);
const stop = (): void => void server.stop().then(() => process.exit());

process.on('message', ({ message }: { message: 'serving' | 'usage' | 'stop' }) => {
  if (message === 'stop') stop();
  else process.send?.(message === 'usage' ? usage() : ({ url: server.url } satisfies ServerBeside));
});
// Whoever measures is gone.
process.on('disconnect', stop);
