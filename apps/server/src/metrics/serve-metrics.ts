import { createServer } from 'node:http';
import { ServerError } from '../errors.ts';

interface MetricsPage {
  readonly type: string;
  readonly text: string;
}

/**
 * Answers `GET /metrics` and nothing else, on a port of its own: figures are the operator's, and no balancer hands them
 * on. @returns ends it
 * @throws ServerError `port_in_use` or `port_unusable`
 */
export async function serveMetrics(
  { host, port }: { host: string; port: number },
  page: () => Promise<MetricsPage>,
): Promise<() => Promise<void>> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('There is /metrics.\n');
      return;
    }
    page().then(
      ({ type, text }) => response.writeHead(200, { 'Content-Type': type }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(cannotListen(cause, { host, port })));
    server.listen(port, host, resolve);
  });
  // Accepting fails when the process is out of files; connections wait, and it passes.
  server.removeAllListeners('error').on('error', () => undefined);
  return async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
}

function cannotListen(cause: Error, { host, port }: { host: string; port: number }): ServerError {
  const isTaken = 'code' in cause && cause.code === 'EADDRINUSE';
  return new ServerError(
    isTaken ? 'port_in_use' : 'port_unusable',
    `Cannot serve /metrics on ${host}, port ${port}: set RECOURSE_METRICS_PORT to a free port, and RECOURSE_METRICS_HOST to an address of this machine.`,
    { cause },
  );
}
