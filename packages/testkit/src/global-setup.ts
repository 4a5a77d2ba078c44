import { mkdtempSync, rmSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '@recourse/registry';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { startPostgres } from './start-postgres.ts';
import { onDatabase, type ProvidedPostgres, TEMPLATE } from './template.ts';
import { markSchemaChanges, wipeScript } from './wipe.ts';

/** vitest globalSetup: one PostgreSQL a worker, each with the migrated template that `freshDatabase` clones. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = mkdtempSync(join(tmpdir(), 'recourse-postgres-'));
  const stops: (() => Promise<void>)[] = [];
  const stopAll = async (): Promise<void> => {
    await Promise.all(stops.map((stop) => stop()));
    rmSync(dir, { recursive: true, force: true });
  };
  const start = async (worker: number): Promise<ProvidedPostgres> => {
    const server = await startPostgres({ dir: join(dir, String(worker)) });
    stops.push(() => server.stop());
    const { url, ownerUrl, adminUrl } = server;
    return { url, ownerUrl, adminUrl, wipe: await createTemplate(server) };
  };
  try {
    const workers = Array.from({ length: project.vitest.config.maxWorkers }, (_, i) => i + 1);
    project.provide('postgres', await Promise.all(workers.map(start)));
    // The sources of the registry, for workers and for servers that tests start.
    flushCompileCache();
    return stopAll;
  } catch (error) {
    await stopAll();
    throw error;
  }
}

/** Migrates the template and returns the script that wipes its clones. */
async function createTemplate(server: { adminUrl: string; ownerUrl: string }): Promise<string> {
  const sql = postgres(server.adminUrl, { max: 1 });
  try {
    await sql.unsafe(`create database ${TEMPLATE} owner recourse_owner`);
    await sql.unsafe(`revoke all on database ${TEMPLATE} from public`);
  } finally {
    await sql.end();
  }
  await migrate({ url: onDatabase(server.ownerUrl, TEMPLATE) });
  const template = postgres(onDatabase(server.adminUrl, TEMPLATE), { max: 1 });
  try {
    for (const statement of markSchemaChanges) await template.unsafe(statement);
    return await wipeScript(template);
  } finally {
    await template.end();
  }
}
