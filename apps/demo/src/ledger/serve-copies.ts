import { once } from 'node:events';
import { createServer } from 'node:http';
import { freePort } from '@recourse/server/embedded-postgres';
import type { LogFiles } from './log-copy.ts';

/** A static host of logs, on loopback. */
export interface CopyHost {
  /** Serves these files from now on. @returns where: the part of the URL before `/ledger/` */
  add(files: LogFiles): string;
  close(): Promise<void>;
}

export async function serveCopies(): Promise<CopyHost> {
  const copies: LogFiles[] = [];
  const server = createServer(({ url = '' }, response) => {
    const [, copy, path = ''] = /^\/(\d+)\/ledger\/(.+)$/.exec(url) ?? [];
    const bytes = copies[Number(copy)]?.get(path);
    response.writeHead(bytes ? 200 : 404).end(bytes);
  });
  const port = await freePort();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    add: (files) => `http://127.0.0.1:${port}/${copies.push(files) - 1}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
