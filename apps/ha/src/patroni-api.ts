import { request } from 'node:https';
import { passwords, type NodePlace } from './shipped-files.ts';

/** One that leads, or follows. */
export interface Member {
  readonly name: string;
  readonly role: 'leader' | 'replica' | 'sync_standby' | 'quorum_standby';
  readonly state: string;
}

export interface PatroniAnswer {
  readonly status: number;
  readonly body: string;
}

interface Asked {
  /** The certificate of the authority */
  readonly ca: string;
  readonly path: string;
  /** Body of a request that changes something, which needs the password */
  readonly body?: object;
}

/** Asks the REST API of one Patroni, over TLS. @throws Error where it does not answer */
export function askPatroni(
  { host, ports }: Pick<NodePlace, 'host' | 'ports'>,
  { ca, path, body }: Asked,
): Promise<PatroniAnswer> {
  return new Promise((resolve, reject) => {
    const text = body && JSON.stringify(body);
    const options = {
      host: host.address,
      port: ports.patroni,
      path,
      ca,
      method: text ? 'POST' : 'GET',
      auth: text ? `patroni:${passwords.restapi}` : null,
      timeout: text ? 30_000 : 2_000,
      headers: text ? { 'content-type': 'application/json' } : {},
    };
    const asked = request(options, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
      );
    });
    asked.on('timeout', () => asked.destroy(new Error('Patroni does not answer in time')));
    asked.on('error', reject);
    asked.end(text);
  });
}
