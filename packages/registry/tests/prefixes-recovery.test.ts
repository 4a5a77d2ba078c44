import type { TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startCheckRegistry } from './checks-fixture.ts';
import { Copy, doctorOf, publish, publisherOf, tokenWith } from './prefixes-fixture.ts';
import { recoveredAfter } from './recovery-fixture.ts';
import { submit, withdraw } from './sanctions-harness.ts';

let live: TestRegistry;
beforeEach(async () => {
  live = await startCheckRegistry();
});
afterEach(() => live.close());

async function record(): Promise<{ id: string; token: string }> {
  const token = tokenWith();
  const { id } = await submit(live, { subjects: [{ token }] });
  return { id, token };
}

describe('after an old copy of the database was restored', () => {
  test('the set is made anew, without what ended since, and no member holds a later version', async () => {
    const [kept, ended] = [await record(), await record()];
    await publish(live, publisherOf(live));
    const member = new Copy(live);
    const { dump } = await recoveredAfter(live, async () => {
      await withdraw(live, ended.id);
      for (let i = 0; i < 3; i++) {
        await record();
        await publish(live, publisherOf(live));
      }
      await member.sync();
    });
    try {
      await publish(dump, publisherOf(dump));
      const copy = await new Copy(dump).sync();
      expect(copy.header!.version).toBeGreaterThan(member.header!.version);
      expect([copy.has(kept.token), copy.has(ended.token)]).toEqual([true, false]);
      expect((await copy.ask(member.header!.version)).partial).toBe(false);
      expect(await doctorOf(dump)).toEqual([]);
    } finally {
      await dump.close();
    }
  }, 120_000);

  test('no set is shown before it has every record', async () => {
    // More than one step takes, and after them what is to be listed.
    await sql`insert into prefix_changes (sanction)
      select 'snc_' || n from generate_series(1, 4500) n`.execute(live.db);
    const { token } = await record();
    const publisher = publisherOf(live);
    const first = await publisher.step();
    expect(first).toEqual({ versions: 0, more: true });
    expect(await publish(live, publisher)).toBe(2);
    const copy = await new Copy(live).sync();
    expect(copy.has(token)).toBe(true);
  });
});

describe('the doctor finds', () => {
  test.each([
    [
      'a record that is not counted',
      'delete from listed_subjects where sanction = $id',
      'listed_subjects (not counted)',
    ],
    [
      'one that is counted although it ended',
      "update sanctions set end_recorded = true where id = '$id'",
      'listed_subjects (counted)',
    ],
    [
      'a count that is not that of the records',
      'update prefix_counts set n = n + 1',
      'prefix_counts',
    ],
    [
      'a prefix that nothing has',
      'insert into prefix_counts (epoch, prefix, n) values (1, 7, 1)',
      'prefix_counts',
    ],
    [
      'another set than what is counted',
      "update prefix_versions set checksum = sha256('x')",
      'prefix_versions (checksum)',
    ],
  ])('%s', async (_, statement, found) => {
    const { id } = await record();
    await publish(live, publisherOf(live));
    expect(await doctorOf(live)).toEqual([]);
    await sql
      .raw(statement.replace("'$id'", `'${id}'`).replace('$id', `'${id}'`))
      .execute(live.ownerDb);
    const lines = (await doctorOf(live)).map(({ code, table, what }) => {
      expect(code).toBe('prefixes-differ');
      return what === undefined ? table : `${table} (${what})`;
    });
    expect(lines).toContain(found);
  });
});
