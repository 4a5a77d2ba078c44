import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv, promisify } from 'node:util';
import { parse } from 'yaml';
import type { Host, Network } from './network.ts';
import { postgresBin } from './programs.ts';

const run = promisify(execFile);
const folder = join(import.meta.dirname, '../../../operate/three-nodes');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

/** The passwords of a run. */
export const passwords = {
  owner: 'owner',
  service: 'service',
  superuser: 'super',
  replication: 'replicator',
  rewind: 'rewind',
  restapi: 'patroni',
} as const;

/** Where the programs of one machine listen. */
export interface NodePlace {
  readonly name: string;
  readonly host: Host;
  readonly ports: Readonly<Record<'postgres' | 'patroni' | 'client' | 'peer', number>>;
}

/** An authority and a certificate for each machine, made by the script of `operate/three-nodes`. */
export async function makeCertificates(dir: string, places: readonly NodePlace[]): Promise<void> {
  const nodes = places.map(({ name, host }) => `${name}=${host.address}`);
  await run('sh', [join(folder, 'certificates.sh'), dir, ...nodes]);
}

const at = ({ host }: NodePlace, port: number): string => `${host.address}:${port}`;

/** `operate/three-nodes/etcd`, with the addresses and the folders of a machine. */
export function etcdVariables(
  place: NodePlace,
  { all, dir, tls }: { all: readonly NodePlace[]; dir: string; tls: string },
): Record<string, string> {
  const shipped = Object.entries(parseEnv(read('etcd'))).map(([name, text = '']) => [
    name,
    text.replace('/etc/etcd/tls', tls),
  ]);
  const client = `https://${at(place, place.ports.client)}`;
  const peer = `https://${at(place, place.ports.peer)}`;
  return {
    ...Object.fromEntries(shipped),
    ETCD_NAME: place.name,
    ETCD_LISTEN_PEER_URLS: peer,
    ETCD_LISTEN_CLIENT_URLS: client,
    ETCD_INITIAL_ADVERTISE_PEER_URLS: peer,
    ETCD_ADVERTISE_CLIENT_URLS: client,
    ETCD_INITIAL_CLUSTER: all.map((one) => `${one.name}=https://${at(one, one.ports.peer)}`).join(),
    ETCD_DATA_DIR: dir,
    ETCD_LOG_LEVEL: 'warn',
  };
}

/** As much as is changed of the settings of Patroni. */
interface PatroniSettings {
  name: string;
  etcd3: { hosts: string };
  restapi: { listen: string; connect_address: string };
  bootstrap: { dcs: Record<string, unknown> & { postgresql: { parameters: Parameters } } };
  postgresql: Record<string, unknown> & { parameters: Parameters; pg_hba: string[] };
}
type Parameters = Record<string, unknown>;

export interface PatroniOptions {
  readonly all: readonly NodePlace[];
  readonly dir: string;
  readonly tls: string;
  readonly network: Network;
  /** As shipped; else no standby confirms a commit, and one that lacks some may lead */
  readonly synchronous: boolean;
}

/** `operate/three-nodes/patroni.yaml`, with the addresses, folders and passwords of a machine, and less memory. */
export function patroniSettings(place: NodePlace, options: PatroniOptions): object {
  const { all, dir, tls, network, synchronous } = options;
  const text = read('patroni.yaml')
    .replaceAll('/etc/patroni/tls', tls)
    .replaceAll('10.0.0.0/24', network.range)
    .replace(/password: (SUPERUSER|REPLICATION|REWIND|RESTAPI)\b/g, (_, name: string) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one of the four
      return `password: ${passwords[name.toLowerCase() as 'superuser']}`;
    });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the file beside it
  const shipped = parse(text, { merge: true }) as PatroniSettings;
  const { dcs } = shipped.bootstrap;
  Object.assign(dcs.postgresql.parameters, small);
  if (!synchronous)
    Object.assign(dcs, { synchronous_mode: false, maximum_lag_on_failover: 1_073_741_824 });
  const api = at(place, place.ports.patroni);
  const database = at(place, place.ports.postgres);
  return {
    ...shipped,
    name: place.name,
    etcd3: { ...shipped.etcd3, hosts: all.map((one) => at(one, one.ports.client)).join() },
    restapi: { ...shipped.restapi, listen: api, connect_address: api },
    postgresql: {
      ...shipped.postgresql,
      listen: database,
      connect_address: database,
      data_dir: join(dir, 'data'),
      bin_dir: postgresBin,
      pg_hba: shipped.postgresql.pg_hba.map((line) => line.replace('peer', 'scram-sha-256')),
      parameters: { ...shipped.postgresql.parameters, unix_socket_directories: dir },
    },
    watchdog: { mode: 'off' },
  };
}

/** What the disk of a machine in memory has room for. */
const small = {
  max_connections: 200,
  shared_buffers: '128MB',
  wal_keep_size: '256MB',
  max_wal_size: '256MB',
};
