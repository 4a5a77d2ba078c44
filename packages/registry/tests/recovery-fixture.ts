import { randomBytes } from 'node:crypto';
import { newTiles, tilePath, type NoteSigner } from '@recourse/ledger';
import {
  LedgerReader,
  recoverLedger,
  RecoveryRefusal,
  Sequencer,
  type RecoveryResult,
} from '@recourse/registry';
import {
  onDatabase,
  asAdmin,
  openConnections,
  TestRegistry,
  workerPostgres,
} from '@recourse/testkit';
import { drain, newSigner, signing } from './ledger-fixture.ts';
import { copyOf, type Files } from './recovery-files.ts';

/** The database of a registry as it is now, under another name, with a registry of its own on it. */
export async function dumpOf(registry: TestRegistry): Promise<TestRegistry> {
  const name = `recourse_${randomBytes(8).toString('hex')}`;
  const from = new URL(registry.url).pathname.slice(1);
  // A template has no sessions; those of the registry come back by themselves.
  await asAdmin(workerPostgres().adminUrl, [
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${from}'`,
    `create database ${name} template ${from} owner recourse_owner`,
    `grant connect on database ${name} to recourse_service`,
  ]);
  const { url: service, ownerUrl } = workerPostgres();
  const url = onDatabase(service, name);
  const connections = openConnections({ url, ownerUrl: onDatabase(ownerUrl, name) });
  const handles = connections.handles();
  return new TestRegistry({
    options: { ...registry.services, db: handles.db, proofs: registry.proofs },
    parties: registry.parties,
    startsAt: registry.now(),
    database: {
      url,
      handles: () => handles,
      drop: async () => {
        await connections.end();
        await asAdmin(workerPostgres().adminUrl, [`drop database if exists ${name} with (force)`]);
      },
    },
  });
}

/** Where the owner of a copy connects. */
export const ownerUrlOf = ({ url }: TestRegistry): string =>
  onDatabase(workerPostgres().ownerUrl, new URL(url).pathname.slice(1));

/** Logs and signs what waits. @returns the newest checkpoint */
export async function logAndSign(registry: TestRegistry, signer: NoteSigner): Promise<string> {
  await drain(new Sequencer(registry.db));
  await signing(registry.db, signer);
  return (await new LedgerReader(registry.db).checkpoint())!;
}

/** Everything that a log serves, as static files. */
export async function filesOf(registry: TestRegistry): Promise<Files> {
  const reader = new LedgerReader(registry.db);
  const note = (await reader.checkpoint())!;
  const size = Number(note.split('\n')[1]);
  const files = new Map<string, Uint8Array>([['checkpoint', Buffer.from(note)]]);
  for (const tile of newTiles(0, size)) {
    files.set(tilePath(tile), (await reader.tile(tile))!);
    if (tile.level > 0) continue;
    const { index, width } = tile;
    const path = tilePath({ level: 'entries', index, width });
    files.set(path, (await reader.bundle({ index, width }))!);
  }
  return files;
}

export interface OldDump {
  readonly dump: TestRegistry;
  readonly signer: NoteSigner;
  /** The checkpoint that is kept outside */
  readonly outside: string | undefined;
  readonly files: Files;
}

export const recover = ({ dump, signer, outside, files }: OldDump): Promise<RecoveryResult> =>
  recoverLedger({
    services: { ...dump.services, db: dump.ownerDb },
    log: signer.key,
    outside: outside === undefined ? [] : [outside],
    copy: copyOf(files),
  });

export async function refusalOf(recovering: Promise<unknown>): Promise<string> {
  try {
    await recovering;
    return 'recovered';
  } catch (error) {
    if (error instanceof RecoveryRefusal) return error.code;
    throw error;
  }
}

/** A registry is copied, goes on, and the copy is brought up to date from its log. */
export async function recoveredAfter<T>(
  live: TestRegistry,
  happen: (signer: NoteSigner) => Promise<T>,
): Promise<{ dump: TestRegistry; recovered: RecoveryResult; done: T }> {
  const signer = await newSigner();
  await logAndSign(live, signer);
  const dump = await dumpOf(live);
  const before = live.now();
  const done = await happen(signer);
  dump.advance((live.now().getTime() - before.getTime()) / 1_000);
  const outside = await logAndSign(live, signer);
  const recovered = await recover({ dump, signer, outside, files: await filesOf(live) });
  return { dump, recovered, done };
}
