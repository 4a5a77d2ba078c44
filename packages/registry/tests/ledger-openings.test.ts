import { hashText, verifyOpening, type OpOutput, type OwnOpening } from '@recourse/protocol';
import { random32, type TestKey, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Db } from '../src/kernel/database.ts';
import { openingsOfParty, type OpeningPlace } from '../src/calls/openings-store.ts';
import { resultOf, startCheckRegistry } from './checks-fixture.ts';
import { acknowledge, recallOf, tell } from './recalls-fixture.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startCheckRegistry();
});
afterAll(() => registry.close());

type Page = OpOutput<'ledger.openings'>;

const page = async (key: TestKey, input: { cursor?: string; limit?: number } = {}): Promise<Page> =>
  resultOf(await registry.call(key, 'ledger.openings', input)) as Page;

async function all(key: TestKey, limit = 100): Promise<OwnOpening[]> {
  const read: OwnOpening[] = [];
  for (let cursor: string | undefined; ;) {
    const { openings, next } = await page(key, { limit, ...(cursor ? { cursor } : {}) });
    read.push(...openings);
    if (next === undefined) return read;
    cursor = next;
  }
}

const opened = (list: readonly OwnOpening[]) =>
  list.flatMap((own) => ('opening' in own ? own : []));

/** Once nobody's older transaction runs any more: those of other tests hold it up too. */
const typesOf = (key: TestKey, sanction: string, expected: readonly string[]): Promise<void> =>
  vi.waitFor(
    async () => {
      const own = opened(await all(key)).filter(({ opening }) => opening.sanction === sanction);
      expect(own.map(({ opening }) => opening.entry.type)).toEqual(expected);
    },
    { timeout: 30_000 },
  );

describe('ledger.openings', () => {
  test('gives a told platform every entry that names it, in order, with the call that it signed', async () => {
    const { tubely, harbour } = registry.parties;
    const { sanction, recall } = await recallOf(registry);
    resultOf(await acknowledge(registry, recall));
    const expected = ['sanction-disclosed', 'recall-issued', 'recall-acknowledged'];
    await typesOf(tubely.service, sanction, expected);
    const own = opened(await all(tubely.trust)).filter(
      ({ opening }) => opening.sanction === sanction,
    );
    for (const { opening } of own) verifyOpening(opening);
    const [, issued, acknowledged] = own;
    expect(issued).not.toHaveProperty('call');
    expect(acknowledged?.opening.entry).toHaveProperty('ack', hashText(acknowledged?.call ?? ''));
    // The submitter has those of its own acts, and none of the pairs.
    await typesOf(harbour.service, sanction, [
      'sanction-submitted',
      'notice-delivered',
      'sanction-ended',
    ]);
  });

  test('pages without a gap and without a repetition', async () => {
    const { tubely } = registry.parties;
    await tell(registry);
    const whole = await all(tubely.service);
    const inTwos = await all(tubely.service, 2);
    expect(inTwos.slice(0, whole.length)).toEqual(whole);
    expect((await page(tubely.service, { limit: 2 })).openings).toHaveLength(2);
  });

  test('answers a platform that nothing names as one whose entries are of others', async () => {
    await tell(registry);
    const { market } = registry.parties;
    expect(await page(market.service)).toEqual({ openings: [] });
    const { next } = await page(registry.parties.tubely.service, { limit: 1 });
    expect(await page(market.service, { cursor: next! })).toEqual({ openings: [] });
  });

  test('marks what was erased with its case', async () => {
    const { tubely } = registry.parties;
    const { sanction } = await tell(registry);
    await typesOf(tubely.service, sanction, ['sanction-disclosed']);
    await registry.ownerDb.deleteFrom('case_keys').where('sanction', '=', sanction).execute();
    expect(await all(tubely.service)).toContainEqual({ erased: sanction });
  });

  test.each(['x', '1', '1-', '9999999999999999999-1', '1-1-1'])(
    'refuses the cursor %s',
    async (cursor) => {
      const { status } = await registry.call(registry.parties.tubely.service, 'ledger.openings', {
        cursor,
      });
      expect(status).toBe(422);
    },
  );

  test('is not for operators', async () => {
    const { status } = await registry.call(registry.parties.operator[0], 'ledger.openings', {});
    expect(status).toBe(403);
  });
});

describe('a page ends before what an older transaction may still write', () => {
  type Read = typeof openingsOfParty;

  /** What a place in the same order would be without the horizon. */
  const asSeen: Read = async (db, { party, after, limit }) => {
    const { rows } = await sql<OpeningPlace>`
      select txid::text as txid, seq from openings
      where party = ${party} and (txid, seq) > (${after.txid}::text::xid8, ${after.seq})
      order by txid, seq limit ${limit}`.execute(db);
    return rows as Awaited<ReturnType<Read>>;
  };

  /** What `seq` alone would be. */
  const bySeq: Read = async (db, { party, after, limit }) => {
    const { rows } = await sql<OpeningPlace>`
      select txid::text as txid, seq from openings
      where party = ${party} and seq > ${after.seq} order by seq limit ${limit}`.execute(db);
    return rows as Awaited<ReturnType<Read>>;
  };

  const insert = (db: Db, party: string) =>
    db
      .insertInto('openings')
      .values({
        kid: 'registry',
        jti: random32(),
        position: 0,
        party,
        sanction: null,
        opening: Buffer.from('{}'),
      })
      .execute();

  /** One begins, the other begins and commits, a reader reads, the first commits. @returns how many were read */
  async function readAround(read: Read, party: string): Promise<number> {
    const seen: OpeningPlace[] = [];
    const readOn = async (): Promise<void> => {
      const after = seen.at(-1) ?? { txid: '0', seq: 0 };
      seen.push(...(await read(registry.db, { party, after, limit: 100 })));
    };
    await registry.db.transaction().execute(async (slow) => {
      await insert(slow, party);
      await registry.ownerDb.transaction().execute((quick) => insert(quick, party));
      await readOn();
    });
    await vi.waitFor(
      async () => {
        await readOn();
        if (read === openingsOfParty && seen.length < 2) throw new Error('older ones still run');
      },
      { timeout: 30_000 },
    );
    return new Set(seen.map(({ txid, seq }) => `${txid}-${seq}`)).size;
  }

  test('so that nothing is skipped', async () => {
    expect(await readAround(openingsOfParty, 'plt_horizon')).toBe(2);
  });

  test('without it, what commits later is never read', async () => {
    expect(await readAround(asSeen, 'plt_as-seen')).toBe(1);
    expect(await readAround(bySeq, 'plt_by-seq')).toBe(1);
  });

  test('and what an older cluster wrote is read at once', async () => {
    const party = 'plt_restored';
    const far = '9000000000000000000';
    await sql`insert into openings (kid, jti, position, party, opening, txid)
      values ('registry', ${random32()}, 0, ${party}, '{}', ${far}::text::xid8)`.execute(
      registry.ownerDb,
    );
    const after = { txid: '0', seq: 0 };
    expect(await openingsOfParty(registry.db, { party, after, limit: 1 })).toHaveLength(1);
  });
});
