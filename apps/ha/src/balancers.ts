import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@recourse/server/embedded-postgres';
import { giveToPostgres, type PostgresNode } from './postgres-node.ts';
import { Program } from './programs.ts';

/** As operate/three-nodes/haproxy.cfg has it, and asking more often: leads to the one that Patroni calls the primary. */
export function databaseBalancer(
  dir: string,
  { port, nodes, ca }: { port: number; nodes: readonly PostgresNode[]; ca: string },
): Program {
  const servers = nodes.map(
    ({ name, host, ports }) =>
      `  server ${name} ${host.address}:${ports.postgres} check port ${ports.patroni} check-ssl ca-file ${ca}`,
  );
  return haproxy(join(dir, 'database'), [
    'listen database',
    `  bind 127.0.0.1:${port}`,
    '  mode tcp',
    '  timeout client 10m',
    '  timeout server 10m',
    '  option httpchk OPTIONS /primary',
    '  http-check expect status 200',
    '  default-server inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions',
    ...servers,
  ]);
}

/** As docker/haproxy.cfg has it: leads to the servers that are ready, and to any where none is. */
export function serverBalancer(
  dir: string,
  { port, ports }: { port: number; ports: readonly number[] },
): Program {
  return haproxy(join(dir, 'registry'), [
    'listen registry',
    `  bind 127.0.0.1:${port}`,
    '  mode http',
    '  option forwardfor',
    '  timeout client 60s',
    '  timeout server 60s',
    '  timeout http-request 20s',
    '  option httpchk GET /readyz',
    '  http-check expect status 200',
    '  retries 2',
    '  retry-on conn-failure',
    '  option redispatch',
    '  option allbackups',
    '  default-server inter 1s fall 2 rise 1',
    ...ports.map((at, n) => `  server ready${n} 127.0.0.1:${at} check`),
    ...ports.map((at, n) => `  server unready${n} 127.0.0.1:${at} backup no-check`),
  ]);
}

function haproxy(path: string, lines: readonly string[]): Program {
  const file = `${path}.cfg`;
  const defaults = ['  timeout connect 2s', '  timeout check 2500ms'];
  const all = ['global', '  maxconn 4000', 'defaults', ...defaults, ...lines, ''];
  writeFileSync(file, all.join('\n'));
  chmodSync(file, 0o644);
  const args = ['-db', '-f', file];
  return new Program({ command: '/usr/sbin/haproxy', args, logFile: `${path}-haproxy.log` });
}

/** A PgBouncer in transaction mode with a few connections for all, which knows no prepared statements. */
export async function poolerOf(
  dir: string,
  { to, ca, users }: { to: number; ca: string; users: Readonly<Record<string, string>> },
): Promise<{ program: Program; port: number }> {
  const port = await freePort();
  const [file, usersFile] = [join(dir, 'pgbouncer.ini'), join(dir, 'pgbouncer-users')];
  const lines = [
    '[databases]',
    `* = host=127.0.0.1 port=${to}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = scram-sha-256',
    `auth_file = ${usersFile}`,
    'pool_mode = transaction',
    'server_tls_sslmode = verify-ca',
    `server_tls_ca_file = ${ca}`,
    'default_pool_size = 20',
    'max_client_conn = 400',
    'max_prepared_statements = 0',
    // A primary that went is looked for again at once.
    'server_login_retry = 1',
    '',
  ];
  writeFileSync(file, lines.join('\n'));
  const entries = Object.entries(users).map(([role, word]) => `"recourse_${role}" "${word}"\n`);
  writeFileSync(usersFile, entries.join(''), { mode: 0o600 });
  for (const path of [file, usersFile]) await giveToPostgres(path);
  const logFile = join(dir, 'pgbouncer.log');
  const program = new Program({
    command: '/usr/sbin/pgbouncer',
    args: [file],
    logFile,
    as: 'postgres',
  });
  return { program, port };
}
