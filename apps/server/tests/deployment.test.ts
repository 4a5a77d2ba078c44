import { execFileSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import {
  globSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseEnv } from 'node:util';
import { validate } from 'dockerfile-utils';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '../src/config/config.ts';
import {
  at,
  readCompose,
  runTool,
  unreadVariables,
  without,
  type ComposeFile,
} from './deployment-files.ts';

const read = (path: string): string => readFileSync(at(path), 'utf8');
const files = ['docker/compose.yaml', 'docker/compose.three.yaml'];
const three = readCompose('docker/compose.three.yaml');

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'recourse-deployment-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** The secrets of three nodes, as their script makes them. */
function makeSecrets(): string {
  const folder = join(emptyFolder(), 'secrets');
  execFileSync('sh', [at('docker/secrets.sh'), folder]);
  return folder;
}

describe('files', () => {
  test.each(globSync('docker/**/Dockerfile', { cwd: at('.') }))('%s has no fault', (path) => {
    expect(validate(read(path)).map(({ message }) => message)).toEqual([]);
  });

  test.skipIf(without('shellcheck') !== '')(
    `shellcheck finds nothing in the scripts${without('shellcheck')}`,
    () => {
      const scripts = globSync('docker/**/*.sh', { cwd: at('.') }).map(at);
      expect(() => runTool('shellcheck', scripts)).not.toThrow();
    },
  );

  test.skipIf(without('docker-compose') !== '')(
    `compose reads its files${without('docker-compose')}`,
    () => {
      const passwords = { POSTGRES_PASSWORD: 'a', OWNER_PASSWORD: 'b', SERVICE_PASSWORD: 'c' };
      for (const file of files) {
        const args = ['--file', at(file), 'config', '--quiet', '--no-consistency'];
        expect(() => runTool('docker-compose', args, passwords)).not.toThrow();
      }
    },
  );

  test.skipIf(without('haproxy') !== '')(`HAProxy reads its file${without('haproxy')}`, () => {
    const args = ['-c', '-q', '-f', at('docker/haproxy.cfg')];
    expect(() => runTool('haproxy', args)).not.toThrow();
  });
});

describe.each(files)('%s', (file) => {
  const { services } = readCompose(file);

  test('bounds memory, processors and logs of each service', () => {
    for (const [name, { deploy, logging, security_opt: options }] of Object.entries(services)) {
      const bounds = [
        ...Object.keys(deploy?.resources.limits ?? {}),
        ...Object.keys(logging?.options ?? {}),
      ];
      expect([name, bounds]).toEqual([name, ['cpus', 'memory', 'max-size', 'max-file']]);
      expect([name, options]).toEqual([name, ['no-new-privileges:true']]);
    }
  });

  test('lets our own images write their volumes alone, without any right of root', () => {
    const ours = Object.entries(services).filter(([, { build }]) => build?.target !== undefined);
    expect(ours.length).toBeGreaterThan(1);
    for (const [name, { read_only: readOnly, cap_drop: dropped }] of ours)
      expect([name, readOnly, dropped]).toEqual([name, true, ['ALL']]);
  });

  test('is reached on this machine alone', () => {
    const ports = Object.values(services).flatMap((service) => service.ports ?? []);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    expect(ports).toContain('127.0.0.1:8080:8080');
  });

  test('sets only variables that the server reads', () => {
    const names = Object.values(services)
      .filter(({ build }) => build?.target === 'server')
      .flatMap(({ environment = {} }) => Object.keys(environment));
    expect(names.length).toBeGreaterThan(3);
    expect(unreadVariables(names)).toEqual([]);
  });
});

describe('three nodes', () => {
  test('no password stands in the environment of a container', () => {
    const environments = JSON.stringify(
      Object.values(three.services).map((one) => one.environment),
    );
    expect(environments).not.toMatch(/PASSWORD|DATABASE_|postgres:\/\//);
  });

  test('the password of the owner is known to the databases and to the migration alone', () => {
    const knowing = Object.entries(three.services).filter(([, { secrets = [] }]) =>
      secrets.some((secret) => secret.startsWith('owner')),
    );
    expect(knowing.map(([name]) => name)).toEqual([
      'postgres1',
      'postgres2',
      'postgres3',
      'migrate',
    ]);
  });

  test('the script makes every secret that is named, once', () => {
    const folder = makeSecrets();
    const named = Object.values(three.secrets ?? {}).map(({ file }) =>
      file.replace('./secrets/', ''),
    );
    expect(readdirSync(folder).toSorted()).toEqual(named.toSorted());
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(() =>
      execFileSync('sh', [at('docker/secrets.sh'), folder], { stdio: 'ignore' }),
    ).toThrow();
  });

  test('the server takes its database from the file of its secret', () => {
    const folder = makeSecrets();
    const owner = parseEnv(readFileSync(join(folder, 'owner.env'), 'utf8'));
    const service = parseEnv(readFileSync(join(folder, 'server.env'), 'utf8'));
    const password = readFileSync(join(folder, 'service'), 'utf8');
    expect(readConfig(service).databaseUrl).toBe(
      `postgres://recourse_service:${password}@haproxy:5432/recourse`,
    );
    expect(readConfig(owner).databaseOwnerUrl).toContain('recourse_owner:');
    const print = 'console.log(process.env.DATABASE_URL)';
    const args = [`--env-file=${join(folder, 'server.env')}`, '-e', print];
    expect(execFileSync(process.execPath, args, { encoding: 'utf8', env: {} }).trim()).toBe(
      service['DATABASE_URL'],
    );
  });

  test('HAProxy knows every database and every server that answers', () => {
    const servers = [...read('docker/haproxy.cfg').matchAll(/^ {2}server (\S+) (\S+):(\d+)$/gm)];
    const names = namesIn(three).filter((name) => /^(?:postgres|server)\d$/.test(name));
    expect(servers.map(([, name, host]) => [name, host])).toEqual(
      names.map((name) => [name, name]),
    );
  });

  test('a server has longer to stop than it drains', () => {
    const { environment = {}, stop_grace_period: grace = '0s' } = three.services['server1'] ?? {};
    const drain = Number(environment['RECOURSE_DRAIN_SECONDS']);
    expect(drain).toBeGreaterThan(4);
    expect(Number.parseInt(grace, 10)).toBeGreaterThan(drain + 30);
  });

  test('an answered call is on every machine that is there', () => {
    expect(settingsOfPatroni('docker/patroni/patroni.yaml')).toMatchObject(onEveryMachine);
  });
});

describe('three nodes without containers (docs/three-nodes.md)', () => {
  const folder = 'operate/three-nodes';

  test.skipIf(without('haproxy') !== '')(`HAProxy takes its file${without('haproxy')}`, () => {
    const file = join(emptyFolder(), 'haproxy.cfg');
    const authority = join(makeCertificates(), 'ca.crt');
    writeFileSync(file, read(`${folder}/haproxy.cfg`).replaceAll('/etc/haproxy/ca.crt', authority));
    expect(() => runTool('haproxy', ['-c', '-f', file])).not.toThrow();
  });

  test('a server takes its settings, and knows each', () => {
    const settings = parseEnv(read(`${folder}/registry.env`));
    const config = readConfig({ ...settings, RECOURSE_ROLE: 'worker' });
    expect([config.mode, config.origin]).toEqual(['production', 'https://registry.example']);
    expect(unreadVariables(Object.keys(settings))).toEqual([]);
  });

  test('an answered call is on every machine that is there', () => {
    expect(settingsOfPatroni(`${folder}/patroni.yaml`)).toMatchObject(onEveryMachine);
  });

  test('machines speak TLS with each other, and Patroni asks for a password', () => {
    const { etcd3, restapi, postgresql } = readYaml(`${folder}/patroni.yaml`);
    expect(etcd3).toMatchObject({ protocol: 'https', cert: inTls('node.crt') });
    expect(restapi).toMatchObject({
      certfile: inTls('node.crt'),
      authentication: { username: 'patroni' },
    });
    expect(postgresql).toMatchObject({
      authentication: Object.fromEntries(
        ['superuser', 'replication', 'rewind'].map((role) => [role, { sslmode: 'verify-full' }]),
      ),
      parameters: { ssl: 'on', ssl_cert_file: inTls('node.crt') },
    });
    expect(JSON.stringify(postgresql)).not.toMatch(/"host /);
    const etcd = parseEnv(read(`${folder}/etcd`));
    expect([etcd['ETCD_CLIENT_CERT_AUTH'], etcd['ETCD_PEER_CLIENT_CERT_AUTH']]).toEqual([
      'true',
      'true',
    ]);
    expect(read(`${folder}/etcd`)).not.toContain('http://');
    expect(read(`${folder}/registry.env`)).toContain('?sslmode=verify-full');
  });

  test('the script makes a certificate for the name and the address of each node', () => {
    const tls = makeCertificates();
    expect(readdirSync(tls).toSorted()).toEqual(['ca.crt', 'ca.key', 'node1', 'node2']);
    const authority = new X509Certificate(readFileSync(join(tls, 'ca.crt')));
    const certificate = new X509Certificate(readFileSync(join(tls, 'node1/node.crt')));
    expect(certificate.verify(authority.publicKey)).toBe(true);
    expect(certificate.checkHost('node1')).toBe('node1');
    expect(certificate.checkIP('10.0.0.1')).toBe('10.0.0.1');
    expect(certificate.checkIP('10.0.0.2')).toBeUndefined();
    const key = createPrivateKey(readFileSync(join(tls, 'node1/node.key')));
    expect(certificate.checkPrivateKey(key)).toBe(true);
    for (const path of ['ca.key', 'node1/node.key'])
      expect(statSync(join(tls, path)).mode & 0o777).toBe(0o600);
  });

  test('a server has longer to stop than it drains', () => {
    const [, seconds] = /^TimeoutStopSec=(\d+)$/m.exec(read(`${folder}/recourse@.service`)) ?? [];
    const { drainSeconds } = readConfig({ RECOURSE_MODE: 'production' });
    expect(Number(seconds)).toBeGreaterThan(drainSeconds + 30);
  });
});

const inTls = (name: string): string => `/etc/patroni/tls/${name}`;

function makeCertificates(): string {
  const tls = join(emptyFolder(), 'tls');
  const nodes = ['node1=10.0.0.1', 'node2=10.0.0.2'];
  execFileSync('sh', [at('operate/three-nodes/certificates.sh'), tls, ...nodes], {
    stdio: 'ignore',
  });
  return tls;
}

const onEveryMachine = {
  synchronous_mode: 'quorum',
  synchronous_node_count: 2,
  synchronous_mode_strict: true,
};

type Yaml = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const readYaml = (path: string): Yaml => parse(read(path), { merge: true }) as Yaml;

const settingsOfPatroni = (path: string): unknown => readYaml(path)['bootstrap']?.['dcs'];

const namesIn = ({ services }: ComposeFile): string[] => Object.keys(services);
