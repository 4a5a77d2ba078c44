import { readConfig, startServer } from '@recourse/server';
import { freePort } from '@recourse/server/embedded-postgres';

/** One more server of a registry, in a process of its own. Configured by its environment. */
export interface ServerBeside {
  readonly url: string;
}

const port = String(await freePort());
const server = await startServer(readConfig({ ...process.env, RECOURSE_PORT: port }));
const stop = (): void => void server.stop().then(() => process.exit());

process.on('message', ({ message }: { message: 'serving' | 'stop' }) => {
  if (message === 'stop') stop();
  else process.send?.({ url: server.url } satisfies ServerBeside);
});
// Whoever measures is gone.
process.on('disconnect', stop);
