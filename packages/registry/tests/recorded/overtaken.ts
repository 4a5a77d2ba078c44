import { toNumericDate, type Id } from '@recourse/protocol';
import { random32, type TestKey, type TestRegistry } from '@recourse/testkit';
import {
  assign,
  day,
  decide,
  deliver,
  newCase,
  notify,
  takeWithKey,
  type Reviewer,
  type TestCase,
} from '../appeals-harness.ts';
import { list, resultOf, subject } from '../checks-fixture.ts';
import { concede } from '../panel-harness.ts';
import { addKey } from '../parties-fixtures.ts';
import { byBoth, platformId } from '../parties-operator-fixtures.ts';
import { acknowledge, tellAgain } from '../recalls-fixture.ts';
import { withdraw } from '../sanctions-harness.ts';

/** Records that a copy of the database still has as they were, while each goes on in its own way. */
export async function overtakeCopy(
  registry: TestRegistry,
  copy: () => Promise<void>,
): Promise<void> {
  const records = await beforeCopy(registry);
  await copy();
  await ends(registry, records);
  await reviews(registry, records);
  await keysAndParties(registry);
}

type Records = Awaited<ReturnType<typeof beforeCopy>>;

async function beforeCopy(registry: TestRegistry) {
  const { trust2 } = registry.parties.harbour;
  const withdrawn = await newCase(registry);
  const toldLater = await newCase(registry);
  const owed = await newCase(registry);
  resultOf(await withdraw(registry, owed.sanction));
  // What the stolen key signed.
  await list(
    registry,
    { ...registry.parties.harbour, trust: trust2 },
    { subjects: [subject('domain')] },
  );
  return {
    withdrawn,
    toldLater,
    owed,
    ordered: await newCase(registry),
    restricted: await newCase(registry),
    unnotified: await newCase(registry, { notify: false, told: [] }),
    disputed: await newCase(registry),
    relieved: await heard(registry),
    rejected: await heard(registry),
    amended: await heard(registry),
    reversed: await heard(registry),
    // Last, or it would be assigned before those.
    conceded: await appealed(registry),
  };
}

interface AppealedCase extends TestCase {
  readonly appeal: Id<'apl'>;
}

async function appealed(registry: TestRegistry): Promise<AppealedCase> {
  const theCase = await newCase(registry);
  return { ...theCase, appeal: await appeal(registry, theCase) };
}

async function appeal(registry: TestRegistry, { key }: TestCase): Promise<Id<'apl'>> {
  const input = { key, ground: 'facts-wrong', words: 'It was sold.', language: 'en' } as const;
  const opened = await registry.caseCall('case.appeal', input);
  return opened.body.result.data.appeal;
}

/** With a reviewer, who has the evidence and the answer of the creator. */
async function heard(registry: TestRegistry): Promise<AppealedCase & { reviewer: Reviewer }> {
  const [by] = registry.parties.panel;
  const theCase = await appealed(registry);
  const { appeal: of, key } = theCase;
  const reviewer = await taken(registry, by, of);
  const gist = { appeal: of, kind: 'gist', text: 'It shows your page.' } as const;
  const { question } = resultOf(await registry.call(by, 'review.ask', gist)) as {
    question: Id<'qst'>;
  };
  resultOf(await deliver(registry, { appeal: of, to: [reviewer] }));
  resultOf(await registry.call(by, 'evidence.confirm', { appeal: of }));
  await registry.caseCall('case.addInformation', { key, text: 'It was sold.', question });
  return { ...theCase, reviewer };
}

/** Groups take turns, so that appeals on others' records may be assigned before. */
async function taken(registry: TestRegistry, by: TestKey, appeal: string): Promise<Reviewer> {
  for (let n = 0; n < 20; n++) {
    const { appeal: next } = resultOf(await assign(registry, by)) as { appeal: string };
    const reviewer = await takeWithKey(registry, by, next);
    if (next === appeal) return reviewer;
  }
  throw new Error('never assigned');
}

async function ends(registry: TestRegistry, records: Records): Promise<void> {
  const { market, tubely } = registry.parties;
  await tellAgain(registry, market, records.toldLater.tokens[0]!);
  for (const { sanction } of [records.withdrawn, records.toldLater]) {
    resultOf(await withdraw(registry, sanction));
  }
  const [recall] = await registry.db
    .selectFrom('recalls')
    .select('id')
    .where('sanction', '=', records.owed.sanction)
    .execute();
  resultOf(await acknowledge(registry, recall!.id, { key: tubely.service }));
  resultOf(await concede(registry, records.conceded));
  for (const [effect, { sanction }] of [
    ['end', records.ordered],
    ['restrict', records.restricted],
  ] as const) {
    const date = toNumericDate(registry.now()) - day;
    const order = { sanction, effect, body: 'court', date, reference: random32() } as const;
    resultOf(await byBoth(registry, 'orders.execute', order));
  }
  await notify(registry, { sanction: records.unnotified.sanction });
  // Submitted, told and withdrawn: the copy never knew it.
  resultOf(await withdraw(registry, (await newCase(registry)).sanction));
}

async function reviews(registry: TestRegistry, records: Records): Promise<void> {
  const [by] = registry.parties.panel;
  await appeal(registry, records.disputed);
  const until = new Date(registry.now().getTime() + 2 * day * 1000).toISOString();
  resultOf(await registry.call(by, 'review.relieve', { appeal: records.relieved.appeal, until }));
  const rejection = { appeal: records.rejected.appeal, item: 0, why: 'illegal-media' } as const;
  resultOf(await registry.call(by, 'evidence.reject', rejection));
  const exp = toNumericDate(registry.now()) + 40 * day;
  for (const [theCase, decision] of [
    [records.amended, { outcome: 'amended', exp }],
    [records.reversed, { outcome: 'reversed', cause: 'error' }],
  ] as const) {
    resultOf(await decide(registry, { ...theCase, by, decision }));
  }
}

async function keysAndParties(registry: TestRegistry): Promise<void> {
  const { harbour, market } = registry.parties;
  const since = toNumericDate(registry.now()) - 1_800;
  const revocation = { kid: harbour.trust2.kid, why: 'compromised', since } as const;
  resultOf(await registry.call(harbour.admin, 'keys.revoke', revocation));
  const suspension = { party: platformId(market), what: 'both', why: 'terms' } as const;
  resultOf(await byBoth(registry, 'platforms.suspend', suspension));
  await addKey(registry, harbour.admin, { role: 'service' });
}
