import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '@recourse/registry';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { startPostgres } from './start-postgres.ts';
import { onDatabase, type ProvidedPostgres, TEMPLATE } from './template.ts';

/** vitest globalSetup: one PostgreSQL per run, with the migrated template that `freshDatabase` clones. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = mkdtempSync(join(tmpdir(), 'recourse-postgres-'));
  const server = await startPostgres({ dir });
  const stop = async (): Promise<void> => {
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    await createTemplate(server);
  } catch (error) {
    await stop();
    throw error;
  }
  const { url, ownerUrl, adminUrl } = server;
  project.provide('postgres', { url, ownerUrl, adminUrl });
  return stop;
}

async function createTemplate(server: ProvidedPostgres): Promise<void> {
  const sql = postgres(server.adminUrl, { max: 1 });
  try {
    await sql.unsafe(`create database ${TEMPLATE} owner recourse_owner`);
    await sql.unsafe(`revoke all on database ${TEMPLATE} from public`);
  } finally {
    await sql.end();
  }
  await migrate({ url: onDatabase(server.ownerUrl, TEMPLATE) });
}
