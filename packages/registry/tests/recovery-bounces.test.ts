import { startTestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { deliverNotices } from '../src/cases/notices/deliver-notices.ts';
import { caseAbout, realTokens } from './cases-fixture.ts';
import { resultOf } from './checks-fixture.ts';
import { recoveredAfter } from './recovery-fixture.ts';

const recipient = 'creator@mail.example';

test('a copy of before two operators reported a bounce learns from the log who they were', async () => {
  const live = await startTestRegistry({ tokens: await realTokens() });
  const { sanction } = await caseAbout(live, [['email', recipient]]);
  await sql`update sanctions set reason = 'fraud.scam'`.execute(live.ownerDb);
  const notice = { sanction: sanction as 'snc_', language: 'en', addresses: [recipient] };
  resultOf(await live.call(live.parties.harbour.trust, 'sanctions.notify', notice));
  await deliverNotices(live.services);
  const bounce = async (by: 0 | 1) => {
    const { id: message } = live.proofs.notices.at(-1)!;
    const report = { message, recipient };
    resultOf(await live.call(live.parties.operator[by], 'sanctions.bounced', report));
    await deliverNotices(live.services);
  };
  const { dump } = await recoveredAfter(live, async () => {
    for (const by of [0, 1, 0] as const) await bounce(by);
  });
  const rows = await Promise.all(
    [live, dump].map(({ db }) =>
      db
        .selectFrom('notice_deliveries')
        .select(['result', 'bounced_at', 'bounced_by', 'confirmed_by'])
        .executeTakeFirst(),
    ),
  );
  const [one, two] = live.parties.operator.map(({ holder }) => holder);
  expect(rows[0]).toMatchObject({ result: 'refused', bounced_by: two, confirmed_by: one });
  expect(rows[1]).toEqual({ ...rows[0], bounced_at: expect.any(Date) });
  const subjects = dump.db.selectFrom('subjects').select('delivered_at');
  expect(await subjects.execute()).toEqual([{ delivered_at: null }]);
  await dump.close();
  await live.close();
});
