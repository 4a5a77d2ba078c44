import {
  inviteKey,
  quarterOf,
  signCompact,
  toNumericDate,
  type Decision,
  type Id,
} from '@recourse/protocol';
import { random32, testOrigin, type TestKey, type TestRegistry } from '@recourse/testkit';
import { settleDue } from '../src/scheduler/settle-due.ts';
import {
  claimCase,
  day,
  decide,
  deliver,
  impersonation,
  newCase,
  type TestCase,
} from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';
import { confirm, matchesOf, newDerived } from './derived-fixture.ts';
import { takeInspection } from './inspections-harness.ts';
import {
  askedByDomain,
  byBoth,
  countersigned,
  newRegistration,
  platformId,
  proveDomain,
  register,
} from './parties-operator-fixtures.ts';
import { build, withdraw } from './sanctions-harness.ts';
import { newWitnessKey } from './witness-key.ts';

/** Something of everything that is logged, by the calls that members and creators make. */
export async function makeHistory(registry: TestRegistry): Promise<void> {
  await actAsOperator(registry);
  await withDerived(registry);
  await decided(registry, { outcome: 'reversed', cause: 'error' });
  await decided(registry, { outcome: 'upheld' });
  await decided(registry, {
    outcome: 'amended',
    exp: toNumericDate(registry.now()) + 40 * day,
  });
  await decided(registry, { outcome: 'finding', cause: 'error' }, { ends: true });
  await twoDecided(registry);
  await causeConfirmed(registry);
  await conceded(registry);
  await disputed(registry);
  await dismissedTwice(registry);
  await membership(registry);
  await withdrawnLate(registry);
  await neverDecided(registry);
  await confirmedDraft(registry);
  await repeated(registry);
  await revokedKeys(registry);
}

async function actAsOperator(registry: TestRegistry): Promise<void> {
  const { operator, harbour } = registry.parties;
  const { party } = await register(registry);
  const id = party as Id<'plt'>;
  const set = { party: id, submissionsPerDay: 7, elementsPerDay: 70 };
  resultOf(await byBoth(registry, 'platforms.setQuota', set));
  resultOf(await byBoth(registry, 'platforms.setQuota', { party: id, elementsPerDay: 5 }));
  for (const scope of ['submissions', 'both'] as const) {
    resultOf(await byBoth(registry, 'platforms.suspend', { party: id, what: scope, why: 'terms' }));
    if (scope === 'submissions')
      resultOf(await byBoth(registry, 'platforms.restore', { party: id }));
  }
  resultOf(await byBoth(registry, 'taxonomy.enable', { party: id, reasons: ['fraud.scam'] }));
  resultOf(
    await byBoth(
      registry,
      'panel.invite',
      await countersigned(registry, {
        invite: inviteKey(random32()),
        affiliations: [{ party: platformId(harbour), until: toNumericDate(registry.now()) + day }],
        termUntil: toNumericDate(registry.now()) + 300 * day,
      }),
    ),
  );
  // Proposed, and executed by nobody.
  const proposed = { registration: newRegistration(), invite: inviteKey(random32()) };
  const proven = proveDomain(registry, proposed);
  resultOf(await registry.call(operator[0], 'platforms.register', proven));
  const policies = ['https://harbour.example/policy', 'https://harbour.example/policy/2'];
  resultOf(await registry.call(harbour.admin, 'parties.setPolicies', { policies }));
  const witness = { key: await newWitnessKey(), url: 'https://witness.example' };
  resultOf(await registry.call(harbour.admin, 'parties.witness', witness));
}

/** An objection, a demand and a statement, an order, and a party that leaves. */
async function membership(registry: TestRegistry): Promise<void> {
  const { operator, harbour } = registry.parties;
  const { party } = await register(registry);
  const id = party as Id<'plt'>;
  const objection = { party: id, ground: 'registration-untrue' } as const;
  resultOf(await registry.call(harbour.trust, 'parties.object', objection));
  const undisclosed = { party: id, ground: 'group-undisclosed', group: 'market' } as const;
  resultOf(await registry.call(harbour.trust, 'parties.object', undisclosed));
  resultOf(await byBoth(registry, 'platforms.setGroup', { party: id, group: 'moved' }));
  const counts = { kind: 'check', received: 2, complied: 0, refused: 2 } as const;
  const quarter = quarterOf(registry.now());
  resultOf(await registry.call(harbour.trust, 'parties.demand', { ...counts, quarter }));
  // In no entry before its day.
  const delayed = { ...counts, quarter, delayDays: 300 };
  resultOf(await registry.call(harbour.trust, 'parties.demand', delayed));
  const attestation = await signCompact(harbour.trust.signer, 'recourse-attestation+jwt', {
    iss: harbour.id,
    aud: testOrigin,
    quarter: '2025-Q4',
    demands: 2,
    iat: toNumericDate(registry.now()),
  });
  resultOf(await registry.call(harbour.trust, 'parties.attest', { attestation }));
  const { market } = registry.parties;
  const { invite } = await askedByDomain(registry, market.id);
  resultOf(await byBoth(registry, 'platforms.reenrol', { party: platformId(market), invite }));
  resultOf(await registry.call(market.service, 'parties.keepKeys', {}));
  const { sanction } = await newCase(registry);
  const order = {
    sanction,
    effect: 'restrict',
    body: 'court',
    date: toNumericDate(registry.now()) - day,
    reference: random32(),
  } as const;
  resultOf(await byBoth(registry, 'orders.execute', order));
  await registry.call(operator[0], 'platforms.leave', { party: id });
  resultOf(await registry.call(operator[1], 'platforms.leave', { party: id }));
}

async function appealed(
  registry: TestRegistry,
  theCase: TestCase,
  reviewers: readonly TestKey[] = [registry.parties.panel[0]],
): Promise<Id<'apl'>> {
  const { key } = theCase;
  const words = 'That was somebody else.';
  const ground = reviewers.length > 1 ? 'expression' : 'facts-wrong';
  const opened = await registry.caseCall('case.appeal', { key, ground, words, language: 'en' });
  const appeal = opened.body.result.data.appeal as Id<'apl'>;
  const on = [];
  for (const reviewer of reviewers) on.push(await claimCase(registry, reviewer, appeal));
  const [{ key: first }] = on as [(typeof on)[0]];
  const gist = { appeal, kind: 'gist', text: 'It shows your page.' } as const;
  const { question } = resultOf(await registry.call(first, 'review.ask', gist)) as {
    question: Id<'qst'>;
  };
  for (let round = 0; round < 2; round++) resultOf(await deliver(registry, { appeal, to: on }));
  resultOf(await registry.call(first, 'evidence.confirm', { appeal }));
  await registry.caseCall('case.addInformation', { key, text: 'It was sold.', question });
  return appeal;
}

async function decided(
  registry: TestRegistry,
  decision: Partial<Decision>,
  { ends = false } = {},
): Promise<void> {
  const by = registry.parties.panel[0];
  const exp = toNumericDate(registry.now()) + 5 * day;
  const theCase = await newCase(registry, ends ? { statement: { exp } } : {});
  const appeal = await appealed(registry, theCase);
  if (ends) registry.advance(6 * day);
  else {
    const until = new Date(registry.now().getTime() + 2 * day * 1000).toISOString();
    resultOf(await registry.call(by, 'review.relieve', { appeal, until }));
  }
  resultOf(await decide(registry, { ...theCase, appeal, by, decision }));
  for (const recall of await openRecalls(registry)) {
    const { service } = registry.parties.tubely;
    const action = decision.outcome === 'reversed' ? 'undone' : 'corrected';
    await registry.call(service, 'recalls.acknowledge', { recall, action, copies: 'deleted' });
  }
}

async function openRecalls(registry: TestRegistry): Promise<Id<'rcl'>[]> {
  const { service } = registry.parties.tubely;
  const { recalls } = resultOf(await registry.call(service, 'recalls.list', {})) as {
    recalls: { recall: Id<'rcl'> }[];
  };
  return recalls.map(({ recall }) => recall);
}

/** Two reviewers who disagree. */
async function twoDecided(registry: TestRegistry): Promise<void> {
  const [first, second] = registry.parties.panel;
  const theCase = await newCase(registry, { statement: impersonation() });
  const appeal = await appealed(registry, theCase, [first, second]);
  resultOf(await registry.call(first, 'review.relieve', { appeal, until: null }));
  const reversed = { outcome: 'reversed', cause: 'expression' } as const;
  for (const [by, decision] of [
    [first, { outcome: 'upheld' }],
    [second, reversed],
  ] as const) {
    resultOf(await decide(registry, { ...theCase, appeal, by, decision }));
  }
}

/** One reviewer names a cause that stops a group, and another confirms it. */
async function causeConfirmed(registry: TestRegistry): Promise<void> {
  const [first, second] = registry.parties.panel;
  const theCase = await newCase(registry, { by: registry.parties.market, told: [] });
  const said = { key: theCase.key, words: 'The police asked for it.', language: 'en' };
  const opened = await registry.caseCall('case.appeal', { ...said, ground: 'authority' });
  const appeal = opened.body.result.data.appeal as Id<'apl'>;
  await claimCase(registry, first, appeal);
  const cause = 'authority-origin';
  const reversed = { outcome: 'reversed', cause } as const;
  resultOf(await decide(registry, { ...theCase, appeal, by: first, decision: reversed }));
  const { item, sanction } = await takeInspection(registry, second);
  const failed = { outcome: 'failed', cause } as const;
  resultOf(await decide(registry, { sanction, appeal: item, by: second, decision: failed }));
}

/** Rejected, delivered anew, and twice found not to fit. */
async function disputed(registry: TestRegistry): Promise<void> {
  const [by, second] = registry.parties.panel;
  const theCase = await newCase(registry);
  const { key } = theCase;
  const appeal = await openedBy(registry, key, {});
  const on = [await claimCase(registry, by, appeal)];
  const place = { appeal, item: 0 };
  resultOf(await deliver(registry, { appeal, to: on }));
  resultOf(await registry.call(by, 'evidence.reject', { ...place, why: 'third-party-data' }));
  for (const says of ['does-not-open', 'does-not-fit', 'does-not-fit'] as const) {
    resultOf(await deliver(registry, { appeal, to: on }));
    resultOf(await registry.call(by, 'evidence.dispute', { ...place, contentKey: random32() }));
    resultOf(await registry.call(second, 'evidence.recheck', {}));
    resultOf(await registry.call(second, 'evidence.settle', { ...place, says }));
  }
}

async function openedBy(
  registry: TestRegistry,
  key: string,
  options: { reopen?: true },
): Promise<Id<'apl'>> {
  const appeal = { ground: 'facts-wrong', words: 'No.', language: 'en', ...options } as const;
  const opened = await registry.caseCall('case.appeal', { key, ...appeal });
  return opened.body.result.data.appeal;
}

async function givenBack(registry: TestRegistry, appeal: Id<'apl'>): Promise<void> {
  const { key } = await claimCase(registry, registry.parties.panel[2], appeal);
  resultOf(await registry.call(key, 'review.recuse', { appeal, why: 'acquaintance' }));
}

async function dismissedTwice(registry: TestRegistry): Promise<void> {
  const theCase = await newCase(registry);
  for (const [more, by] of [
    [{}, registry.parties.panel[0]],
    [{ reopen: true }, registry.parties.panel[1]],
  ] as const) {
    const appeal = await openedBy(registry, theCase.key, more);
    if (!('reopen' in more)) await givenBack(registry, appeal);
    await claimCase(registry, by, appeal);
    const decision = { outcome: 'dismissed' } as const;
    resultOf(await decide(registry, { ...theCase, appeal, by, decision }));
  }
}

/** Nobody decided it. Half a year would erase the records that came before, so its time comes sooner. */
async function neverDecided(registry: TestRegistry): Promise<void> {
  const { key } = await newCase(registry);
  const appeal = await openedBy(registry, key, {});
  await registry.ownerDb
    .updateTable('appeals')
    .set({ undecided_at: new Date(registry.now().getTime() + 59 * day * 1000) })
    .where('id', '=', appeal)
    .execute();
  registry.advance(60 * day);
  const { failures } = await settleDue(registry.services);
  if (failures.length > 0) throw failures[0];
}

async function conceded(registry: TestRegistry): Promise<void> {
  const theCase = await newCase(registry);
  await appealed(registry, theCase);
  resultOf(await withdraw(registry, theCase.sanction));
}

/** Withdrawn, and the recall of it not acknowledged in time; and relief that nobody decided in time. */
async function withdrawnLate(registry: TestRegistry): Promise<void> {
  const { key } = await newCase(registry, { statement: impersonation() });
  const speech = { key, ground: 'expression', words: 'I reported it.', language: 'en' } as const;
  await registry.caseCall('case.appeal', speech);
  const { sanction } = await newCase(registry);
  resultOf(await withdraw(registry, sanction));
  registry.advance(8 * day);
  const { failures } = await settleDue(registry.services);
  if (failures.length > 0) throw failures[0];
}

async function confirmedDraft(registry: TestRegistry): Promise<void> {
  const { service, trust2 } = registry.parties.harbour;
  for (const isConfirmed of [true, false]) {
    const drafted = await registry.call(service, 'sanctions.draft', await build(registry));
    const { sanction } = resultOf(drafted) as { sanction: Id<'snc'> };
    if (!isConfirmed) continue;
    resultOf(await registry.call(trust2, 'sanctions.confirm', { sanctions: [sanction] }));
  }
}

/** A question about a record, and its answer; then it falls, and its derived record is confirmed. */
async function withDerived(registry: TestRegistry): Promise<void> {
  const { harbour, tubely } = registry.parties;
  const { source, derived, token } = await newDerived(registry);
  const [told] = await matchesOf(registry, tubely, [token]);
  const asked = { match: told!.match, asks: 'still-stands' } as const;
  const { question } = resultOf(await registry.call(tubely.trust, 'matches.ask', asked)) as {
    question: Id<'qst'>;
  };
  resultOf(await registry.call(harbour.trust, 'matches.answer', { question, answer: 'no' }));
  resultOf(await withdraw(registry, source));
  resultOf(await confirm(registry, derived));
}

/** The same submission thrice under one idem, refusals, and a crowd of reads. */
async function repeated(registry: TestRegistry): Promise<void> {
  const { service } = registry.parties.harbour;
  const input = await build(registry);
  for (let i = 0; i < 3; i++) {
    resultOf(await registry.call(service, 'sanctions.submit', input, { idem: 'once' }));
  }
  await registry.call(service, 'sanctions.submit', input);
  await Promise.all(Array.from({ length: 24 }, () => registry.call(service, 'sanctions.list', {})));
}

async function revokedKeys(registry: TestRegistry): Promise<void> {
  const { admin, trust, trust2 } = registry.parties.market;
  const since = toNumericDate(registry.now()) - 60;
  const retired = { kid: trust.kid, why: 'retired' } as const;
  resultOf(await registry.call(admin, 'keys.revoke', retired));
  for (const { kid } of [trust, trust2]) {
    resultOf(await registry.call(admin, 'keys.revoke', { kid, why: 'compromised', since }));
  }
}
