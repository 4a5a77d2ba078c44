import { policyFingerprint, type LoggedWitnessPolicy } from '@recourse/protocol';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runHere, type Run } from './in-process.ts';
import { failureOf } from './ledger-fixture.ts';
import { Sandbox } from './sandbox.ts';

interface RegistryDocument {
  readonly logKey: unknown;
  readonly keys: readonly unknown[];
  readonly ledger: {
    readonly key: string;
    readonly policies: readonly { detail: LoggedWitnessPolicy }[];
  };
}

let sandbox: Sandbox;
let document: RegistryDocument;
let web: Server;
let origin: string;
const at = (name: string): string => sandbox.file(name);

beforeAll(async () => {
  sandbox = await Sandbox.start();
  ({ origin } = sandbox.server);
  // A later policy: whoever pinned the one before has to follow it by its proof in the log.
  await sandbox.run(['call', 'parties.witness', '{"key":null}'], 'Harbour:admin');
  document = await served();
  await mirror('copy');
  web = createServer((request, response) => {
    try {
      response.end(readFileSync(join(at('copy'), String(request.url))));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => web.listen(0, 'localhost', resolve));
});
afterAll(async () => {
  web.close();
  await sandbox.stop();
});

const served = async (): Promise<RegistryDocument> =>
  (await (await fetch(`${sandbox.server.url}/.well-known/recourse`)).json()) as RegistryDocument;
const mirror = (to: string): Promise<Run> => {
  const log = ['--registry', origin, '--key', document.ledger.key];
  return runHere(['ledger', 'mirror', ...log, '--to', at(to), '--json']);
};
const fingerprintOf = (n: number): string =>
  policyFingerprint(document.ledger.policies.at(n)!.detail);

let states = 0;
const verify = (url: string, policy: string): Promise<Run> => {
  const log = ['--registry', origin, '--key', document.ledger.key, '--policy', policy];
  const own = ['--config', at(`config-${states}.json`), '--state', at(`state-${states++}.json`)];
  return runHere(['ledger', 'verify', ...log, ...own, '--url', url, '--json']);
};

const changedIn = ({ stdout }: Run): unknown =>
  (JSON.parse(stdout) as { changed: unknown }).changed;

describe('what the registry says of its keys', () => {
  const path = (): string => join(at('copy'), '.well-known/recourse');

  it('is kept as it is served, and a second run says nothing where nothing changed', async () => {
    expect(document.ledger.policies.length).toBeGreaterThan(1);
    expect(JSON.parse(readFileSync(path(), 'utf8'))).toEqual(document);
    expect(changedIn(await mirror('copy'))).toEqual([]);
  });

  it('is renewed in each run, which names the keys that are not those of the run before', async () => {
    const before = { ...document, keys: [], ledger: { ...document.ledger, policies: [] } };
    writeFileSync(path(), JSON.stringify(before));
    expect(changedIn(await mirror('copy'))).toEqual(['keys', 'policies']);
    expect(JSON.parse(readFileSync(path(), 'utf8'))).toEqual(document);
  });
});

describe('a copy of a registry that is gone', () => {
  beforeAll(() => sandbox.server.stop());

  it.each([
    ['the newest policy', -1],
    ['the policy before, which is followed', -2],
  ])('is verified under %s, from a plain file server and from its folder', async (_, n) => {
    const { port } = web.address() as AddressInfo;
    for (const url of [`http://localhost:${port}`, at('copy')]) {
      const { code, stdout, stderr } = await verify(url, fingerprintOf(n));
      expect([code, stderr]).toEqual([0, '']);
      expect(JSON.parse(stdout)).toMatchObject({ verified: true });
    }
  });

  it('is not believed under a policy that it does not have', async () => {
    expect(failureOf(await verify(at('copy'), 'A'.repeat(43))).code).toBe('policy-unknown');
  });

  it('says what to do where an older copy has no such document', async () => {
    renameSync(join(at('copy'), '.well-known'), at('moved'));
    const { code, next } = failureOf(await verify(at('copy'), fingerprintOf(-1)));
    expect([code, next]).toEqual(['file-unreadable', expect.stringContaining('ledger mirror')]);
    rmSync(at('moved'), { recursive: true });
  });
});
