import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAs, readEnvironment, sandboxIdentity } from '@recourse/cli';
import { readConfig, startServer } from '@recourse/server';
import { freshDatabase, workerPort } from '@recourse/testkit';
import postgres from 'postgres';
import { importSamples, type ImportedSamples } from '../src/import-samples.ts';

/** A sandbox registry on a database of its own. */
export async function startSandbox() {
  const dir = mkdtempSync(join(tmpdir(), 'recourse-demo-'));
  const dataDir = join(dir, 'registry');
  const database = await freshDatabase();
  const { ownerUrl, url } = database;
  const port = await workerPort();
  const server = await startServer(
    readConfig({
      RECOURSE_PORT: String(port),
      RECOURSE_ORIGIN: `http://localhost:${port}`,
      RECOURSE_DATA_DIR: dataDir,
      DATABASE_URL: url,
      DATABASE_OWNER_URL: ownerUrl,
      // What is stated of a domain answers at once.
      RECOURSE_HOLD_HOURS: '0',
    }),
  );
  const sql = postgres(ownerUrl, { max: 2, onnotice: () => undefined });
  return {
    dir,
    dataDir,
    ownerUrl,
    origin: server.origin,
    sql,
    stop: async () => {
      await sql.end();
      await server.stop();
      await database.drop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

export type Sandbox = Awaited<ReturnType<typeof startSandbox>>;

/** Harbour records these domains, and Tubely asks for the first. */
export async function recordAndCheck(
  { dir, dataDir }: Sandbox,
  domains: readonly string[],
): Promise<ImportedSamples> {
  const environment = readEnvironment({}, { stdout: {}, stderr: {} });
  const imported = await importSamples({
    name: 'told',
    dir,
    sandbox: dataDir,
    domains,
    environment,
  });
  const tubely = connectAs(await sandboxIdentity(dataDir, 'Tubely'), { prefixes: 'always-match' });
  const { matches } = await tubely.check(
    { domain: domains[0]! },
    { purpose: 'signup', provenAt: new Date() },
  );
  if (matches.length === 0) throw new Error('Tubely was told of nothing');
  return imported;
}
