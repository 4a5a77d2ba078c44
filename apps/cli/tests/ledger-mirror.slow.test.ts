import { spawnSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { calls, failureOf, LedgerFixture } from './ledger-fixture.ts';
import { runHere, type Run } from './in-process.ts';
import { Sandbox } from './sandbox.ts';
import { StaticLog } from './static-log.ts';

let sandbox: Sandbox;
let ledger: LedgerFixture;

beforeAll(async () => {
  sandbox = await Sandbox.start();
  ledger = await LedgerFixture.of(sandbox);
  await ledger.append(Array.from({ length: 600 }, calls));
});
afterAll(() => sandbox.stop());

const mirror = (
  to: string,
  origin = { url: sandbox.server.origin, key: ledger.key },
): Promise<Run> => {
  const log = ['--registry', origin.url, '--key', origin.key];
  return runHere(['ledger', 'mirror', ...log, '--to', sandbox.file(to), '--json']);
};

const filesOf = (to: string): string[] =>
  readdirSync(sandbox.file(to), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(sandbox.file(to).length + 1))
    .toSorted();

describe('a copy of the ledger', () => {
  it('has the bytes that the registry serves, and no more', async () => {
    await ledger.signed();
    const run = await mirror('copy');
    expect([run.code, run.stderr]).toEqual([0, '']);
    const { size, mirrored } = JSON.parse(run.stdout) as { size: number; mirrored: boolean };
    expect(mirrored).toBe(true);
    const files = filesOf('copy');
    expect(files.length).toBeGreaterThan(2 * Math.ceil(size / 256));
    for (const file of files) {
      // These are of the newest checkpoint, and the log may have grown since.
      if (file.endsWith('checkpoint') || file.includes('proof/')) continue;
      const served = await fetch(`${sandbox.server.url}/${file}`);
      const bytes = Buffer.from(await served.arrayBuffer());
      expect([file, bytes.equals(readFileSync(join(sandbox.file('copy'), file)))]).toEqual([
        file,
        true,
      ]);
    }
  });

  it('is verified in place of the registry when a plain file server has it', async () => {
    const server = await serve(sandbox.file('copy'));
    try {
      const { port } = server.address() as AddressInfo;
      const { code, stdout } = await ledger.verify(
        ledger.freshState(),
        '--url',
        `http://localhost:${port}`,
      );
      expect([code, JSON.parse(stdout)]).toMatchObject([0, { verified: true }]);
    } finally {
      server.close();
    }
  });

  it('grows with it, and leaves no partial file behind that grew', async () => {
    await ledger.append(Array.from({ length: 300 }, calls));
    const { code, stdout } = await mirror('copy');
    expect(code).toBe(0);
    const { size, added } = JSON.parse(stdout) as { size: number; added: number };
    expect(added).toBeGreaterThanOrEqual(300);
    expect(added).toBeLessThan(size);
    await mirror('anew');
    expect(filesOf('copy')).toEqual(filesOf('anew'));
  });
});

const python = spawnSync('python3', ['--version']).status === 0;
const plainClient = fileURLToPath(
  new URL('../../../docs/examples/verify_ledger.py', import.meta.url),
);

describe.skipIf(!python)(
  'a client written from the documentation alone, in another language',
  () => {
    const verify = (to: string) => {
      const copy = ['--from', join(sandbox.file(to), 'ledger'), '--origin', sandbox.server.origin];
      const { status, stdout } = spawnSync('python3', [plainClient, ...copy, '--key', ledger.key], {
        encoding: 'utf8',
      });
      return { status, last: stdout.trim().split('\n').at(-1) };
    };

    it('verifies a log with a recall that was acknowledged', async () => {
      await ledger.recallOnce();
      await ledger.signed();
      const run = await mirror('plain');
      const { size } = JSON.parse(run.stdout) as { size: number };
      expect(verify('plain')).toEqual({
        status: 0,
        last: expect.stringMatching(new RegExp(`^verified: ${size} entries`)),
      });
    });

    it('and refuses it with one byte changed', () => {
      const path = join(sandbox.file('plain'), 'ledger/tile/0/001');
      const bytes = readFileSync(path);
      bytes[100]! ^= 1;
      writeFileSync(path, bytes);
      expect(verify('plain')).toEqual({ status: 1, last: 'refused: tile-mismatch: tile/0/001' });
    });
  },
);

describe('nothing is copied', () => {
  const entries = Array.from({ length: 600 }, calls);
  let log: StaticLog;
  beforeAll(async () => {
    log = await StaticLog.start();
  });
  afterAll(() => log.stop());
  beforeEach(() => {
    [log.entries, log.signed] = [entries, undefined];
  });

  it('over a copy of another history', async () => {
    await mirror('forked', log);
    const checkpoint = join(sandbox.file('forked'), 'ledger/checkpoint');
    const before = readFileSync(checkpoint, 'utf8');
    log.entries = [...entries.slice(0, -9), ...entries.slice(-8), ...entries.slice(-8)];
    expect(failureOf(await mirror('forked', log)).code).toBe('forked');
    expect(readFileSync(checkpoint, 'utf8')).toBe(before);
  });

  it('from a ledger that was rolled back', async () => {
    await mirror('rolled', log);
    log.entries = entries.slice(0, -1);
    expect(failureOf(await mirror('rolled', log)).code).toBe('rolled-back');
  });

  it('on top of a damaged copy', async () => {
    await mirror('damaged', log);
    const [edge] = filesOf('damaged').filter((file) => /tile\/1\/000\.p\//.test(file));
    const path = join(sandbox.file('damaged'), edge ?? '');
    const bytes = readFileSync(path);
    bytes[0]! ^= 1;
    writeFileSync(path, bytes);
    expect(failureOf(await mirror('damaged', log)).code).toBe('tile-mismatch');
    rmSync(path);
    expect(failureOf(await mirror('damaged', log)).code).toBe('file-unreadable');
  });

  it('that was not signed', async () => {
    [log.entries, log.signed] = [entries.with(9, entries[10]!), entries];
    expect(failureOf(await mirror('unsigned', log)).code).toBe('root-mismatch');
    expect(filesOf('unsigned')).not.toContain('ledger/checkpoint');
  });
});

/** A web server that knows nothing of logs. */
async function serve(dir: string): Promise<Server> {
  const server = createServer((request, response) => {
    try {
      response.end(readFileSync(join(dir, String(request.url))));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return server;
}
