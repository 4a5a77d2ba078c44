import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { bareEnvironment, workerPort } from '@recourse/testkit';
import postgres from 'postgres';
import { expect, test } from 'vitest';
import { asAccount, chooseAccount } from '../src/postgres/account.ts';
import { findBinaries } from '../src/postgres/binaries.ts';
import { startPostmaster } from '../src/postgres/postmaster.ts';

const script = fileURLToPath(new URL('../../../docker/roles.sh', import.meta.url));
const sockets = '/var/run/postgresql';
const programs = ['/usr/sbin/runuser', '/usr/bin/psql', sockets];
const isDebian = process.getuid?.() === 0 && programs.every((path) => existsSync(path));

/** As Debian sets one up: its socket lets each account in as itself, and root is no role. */
async function startCluster(folder: string, port: number) {
  const cluster = join(folder, 'cluster');
  const account = chooseAccount(cluster);
  if (account) chownSync(folder, account.uid, account.gid);
  chmodSync(folder, 0o755);
  const binaries = await findBinaries();
  const auth = ['--auth-local=peer', '--auth-host=scram-sha-256'];
  const initdb = asAccount(
    binaries.initdb,
    ['-D', cluster, '-U', 'postgres', ...auth, '--no-sync'],
    account,
  );
  execFileSync(initdb.command, initdb.args, { ...initdb.identity, stdio: 'ignore' });
  return startPostmaster({
    binaries,
    cluster,
    logFile: join(folder, 'log'),
    account,
    settings: {
      port: String(port),
      listen_addresses: '127.0.0.1',
      unix_socket_directories: sockets,
    },
  });
}

test.runIf(isDebian)(
  'root makes the roles and the database beside a packaged PostgreSQL',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'recourse-roles-'));
    const port = await workerPort();
    const postmaster = await startCluster(folder, port);
    try {
      const passwords = { OWNER_PASSWORD: 'owner1', SERVICE_PASSWORD: 'service1' };
      const env = { ...bareEnvironment(), ...passwords, PGPORT: String(port) };
      execFileSync('sh', [script], { env, stdio: 'pipe' });
      for (const login of ['recourse_owner:owner1', 'recourse_service:service1']) {
        const sql = postgres(`postgres://${login}@127.0.0.1:${port}/recourse`, { max: 1 });
        const [row] = await sql`select current_user as name, current_database() as database`;
        await sql.end();
        expect(row).toEqual({ name: login.split(':')[0], database: 'recourse' });
      }
    } finally {
      await postmaster.stop();
      rmSync(folder, { recursive: true });
    }
  },
);

test.runIf(existsSync('/bin/sh'))('without a password it makes nothing, and says which', () => {
  const run = (): Buffer => execFileSync('/bin/sh', [script], { env: {}, stdio: 'pipe' });
  expect(run).toThrow('OWNER_PASSWORD: choose one');
});
