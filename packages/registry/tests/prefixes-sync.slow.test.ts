import { jcs, openPrefixSet, prefixSetEntry, toNumericDate } from '@recourse/protocol';
import { makeServices } from '@recourse/registry';
import type { TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resultOf, startCheckRegistry } from './checks-fixture.ts';
import { Copy, doctorOf, publish, publisherOf, setSigner, tokenWith } from './prefixes-fixture.ts';
import { problem, submit, withdraw } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startCheckRegistry();
});
afterAll(() => registry.close());

const record = async (token: string): Promise<string> =>
  (await submit(registry, { subjects: [{ token }] })).id;

const sync = (version?: number, epoch = 1, key = registry.parties.tubely.service) =>
  registry.call(key, 'prefixes.sync', {
    list: 'all',
    epoch,
    ...(version === undefined ? {} : { version }),
  });

test('before anything is published there is nothing to say, and nobody is told that there is no record', async () => {
  const answer = await sync();
  expect([answer.status, ...problem(answer)]).toEqual([503, 'overloaded']);
});

describe('a version', () => {
  test('has a header by the set key, whose hash the ledger has', async () => {
    await record(tokenWith());
    const since = toNumericDate(registry.now());
    await publish(registry, publisherOf(registry));
    const { set } = resultOf(await sync()) as { set: string };
    const opened = await openPrefixSet(set, { jwk: setSigner.publicJwk });
    expect(opened.payload).toMatchObject({ list: 'all', epoch: 1, version: 1, bits: 20, count: 1 });
    expect(opened.payload.asOf).toBeGreaterThan(since);
    expect(opened.payload.asOf).toBeLessThanOrEqual(toNumericDate(registry.now()));
    expect(await registry.pendingEntries()).toContain(jcs(prefixSetEntry(opened)));
  });

  test('comes when something changed, 10 s after the last at the earliest', async () => {
    const publisher = publisherOf(registry);
    for (let i = 0; i < 15; i++) {
      await record(tokenWith());
      await publisher.step();
      registry.advance(3);
    }
    const versions = await registry.db
      .selectFrom('prefix_versions')
      .select('as_of')
      .where('epoch', '=', 1)
      .orderBy('version')
      .execute();
    const waits = versions.slice(1).map(({ as_of }, i) => +as_of - +versions[i]!.as_of);
    expect(waits.length).toBeGreaterThanOrEqual(3);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(10_000);
  });

  test('comes also when nothing changed for four minutes, so that asOf stays young', async () => {
    const publisher = publisherOf(registry);
    await publish(registry, publisher);
    const copy = await new Copy(registry).sync();
    const { version, sha256, asOf } = copy.header!;
    registry.advance(240);
    expect((await publisher.step()).versions).toBeGreaterThan(0);
    await copy.sync();
    expect(copy.header).toMatchObject({ version: version + 1, sha256 });
    expect(copy.header!.asOf - asOf).toBeGreaterThanOrEqual(240);
  });

  test('is the same bytes for every member, on every server', async () => {
    const { tubely, market, harbour } = registry.parties;
    const version = (await new Copy(registry).sync()).header!.version;
    for (let i = 0; i < 3; i++) await record(tokenWith());
    await publish(registry, publisherOf(registry));
    for (const from of [undefined, version, version + 1]) {
      const answers = [];
      for (const key of [tubely.service, market.service, harbour.trust]) {
        answers.push(resultOf(await sync(from, 1, key)));
      }
      expect(answers.slice(1)).toEqual([answers[0], answers[0]]);
    }
  });
});

describe('a copy', () => {
  test('of each version of seven days gets to the newest by one delta, an older one by a full set', async () => {
    const publisher = publisherOf(registry);
    const copies: Copy[] = [];
    const ids: string[] = [];
    for (let i = 0; i < 36; i++) {
      for (let n = 0; n < 2; n++) ids.push(await record(tokenWith()));
      if (i % 4 === 3) await withdraw(registry, ids[i]!);
      registry.advance(6 * 3_600);
      await publish(registry, publisher);
      copies.push(await new Copy(registry).sync());
    }
    const newest = copies.at(-1)!.header!;
    for (const copy of copies) {
      const age = newest.asOf - copy.header!.asOf;
      const before = { ...copy.loaded };
      await copy.sync();
      expect(copy.header).toEqual(newest);
      const full = copy.loaded.full - before.full;
      expect([age, full]).toEqual([age, age > 7 * 86_400 ? 1 : 0]);
    }
    expect(await doctorOf(registry)).toEqual([]);
  }, 240_000);

  test('of the newest snapshot gets on, however long ago anything was published', async () => {
    const publisher = publisherOf(registry);
    for (let n = 0; n < 2; n++) {
      await record(tokenWith());
      await publish(registry, publisher);
    }
    const { header } = await new Copy(registry).sync();
    registry.advance(9 * 86_400);
    const full = resultOf(await sync()) as { set: string; partial: boolean };
    expect(full.partial).toBe(false);
    const { payload } = await openPrefixSet(full.set, { jwk: setSigner.publicJwk });
    expect(payload.version).toBeLessThan(header!.version);
    expect(resultOf(await sync(payload.version))).toMatchObject({ partial: true });
    expect((await new Copy(registry).sync()).header).toEqual(header);
    await publish(registry, publisher);
  });

  test.each([
    ['of no version', undefined],
    ['of a version to come', 1_000_000],
    ['of the largest number', Number.MAX_SAFE_INTEGER],
  ])('%s gets a full set', async (_, version) => {
    const answer = await new Copy(registry).ask(version);
    expect(answer.partial).toBe(false);
  });

  test('of the newest version gets nothing more', async () => {
    const copy = await new Copy(registry).sync();
    const answer = await copy.ask(copy.header!.version);
    expect(Object.keys(answer).toSorted()).toEqual(['minWaitSeconds', 'partial', 'set']);
  });

  test('gets a full set where what is stored does not lead to the newest', async () => {
    const copy = await new Copy(registry).sync();
    await record(tokenWith());
    await publish(registry, publisherOf(registry));
    await registry.ownerDb
      .updateTable('prefix_versions')
      .set({ added: Buffer.alloc(8), removed: Buffer.alloc(0) })
      .where('version', '=', copy.header!.version + 1)
      .execute();
    const { service } = registry.parties.tubely;
    const other = registry.anotherServer(makeServices(registry.services));
    const call = {
      op: 'prefixes.sync',
      in: { list: 'all', epoch: 1, version: copy.header!.version },
    } as const;
    const answer = await registry.send('prefixes.sync', await registry.sign(service, call), other);
    expect(resultOf(answer)).toMatchObject({ partial: false });
    // And the next version is made anew.
    await record(tokenWith());
    await publish(registry, publisherOf(registry));
    await new Copy(registry).sync();
    expect(await doctorOf(registry)).toEqual([]);
  });
});

describe('who gets none', () => {
  test('a platform whose checks are stopped', async () => {
    const { market } = registry.parties;
    const stop = (checks_stopped: boolean) =>
      registry.ownerDb
        .updateTable('parties')
        .set({ checks_stopped })
        .where('id', '=', market.id)
        .execute();
    await stop(true);
    expect(problem(await sync(undefined, 1, market.service))).toEqual(['checks-stopped']);
    await stop(false);
  });

  test('a reviewer, and whoever names an epoch that is not live', async () => {
    const { panel } = registry.parties;
    expect(problem(await sync(undefined, 1, panel[0]))).toEqual(['role-not-allowed']);
    expect(problem(await sync(undefined, 3))).toEqual(['unknown-epoch']);
  });
});
