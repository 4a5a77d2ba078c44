import {
  inviteKey,
  signCompact,
  toNumericDate,
  toTimestamp,
  type Entry,
  type Id,
  type Registration,
  type Signer,
} from '@recourse/protocol';
import { logFirstPolicy, recordFacts, settleDue, type RegistryFact } from '@recourse/registry';
import {
  newSecret,
  random32,
  testOrigin,
  type TestKey,
  type TestPlatform,
  type TestRegistry,
} from '@recourse/testkit';
import { advanceTo, day, newCase, type TestCase } from '../appeals-harness.ts';
import { resultOf, subject } from '../checks-fixture.ts';
import { logSeeds } from '../doctor-fixture.ts';
import { makeHistory } from '../doctor-history.ts';
import {
  deliverInspection,
  examine,
  takeInspection,
  type TakenInspection,
} from '../inspections-harness.ts';
import { everyWay } from '../model/acts.ts';
import { Casting } from '../model/cast.ts';
import { play } from '../model/play.ts';
import { ownWire } from '../model/wire.ts';
import { allVote, concede, itemRows, seatedOf } from '../panel-harness.ts';
import { addKey, enrol, statementBy } from '../parties-fixtures.ts';
import {
  askedByDomain,
  byBoth,
  countersigned,
  newPlatform,
  platformId,
} from '../parties-operator-fixtures.ts';
import { publish, publisherOf, setSigner } from '../prefixes-fixture.ts';
import { acknowledge } from '../recalls-fixture.ts';
import { named, type RotatingRegistry } from '../rotation-fixture.ts';
import { stateNotice, submit, withdraw } from '../sanctions-harness.ts';
import { newJti, signedAct, signingKey, withdrawSigned } from '../signing-keys.ts';
import { quarterOf } from '../../src/review/draw.rules.ts';
import { overtakeCopy } from './overtaken.ts';

/** What is recorded, with the keys that it is recorded by. */
export interface RecordedRegistry {
  readonly rotating: RotatingRegistry;
  readonly logSigner: Signer;
  /** Logs what waits, and signs it */
  readonly log: () => Promise<void>;
  /** Keeps an old copy of the database */
  readonly copy: () => Promise<void>;
}

/** Something of every entry type that calls and time bring about; in the order in which a registry would live it. */
export async function recordHistory(recorded: RecordedRegistry): Promise<void> {
  const { rotating, log } = recorded;
  const { registry } = rotating;
  await announce(recorded);
  await logSeeds({ db: registry.db, now: registry.now() });
  await lives(registry);
  await stated(registry);
  await erased(registry);
  const { panel: three, reserve } = registry.parties;
  const panel = [...three, ...reserve, ...(await seat(registry, 2))];
  await admissions(registry, panel);
  await reenrolled(registry);
  await challenged(registry, panel);
  await publish(registry, publisherOf(registry));
  await log();
  await inspected(recorded);
  await accused(registry, panel);
  await makeHistory(registry);
  await settle(registry);
  // Nothing is served without the witnesses of a policy.
  const { admin } = registry.parties.harbour;
  resultOf(await registry.call(admin, 'parties.witness', { key: null }));
  await log();
  await acknowledgeAll(registry);
  await overtakeCopy(registry, recorded.copy);
  const { holder } = panel.at(-1)!;
  resultOf(await byBoth(registry, 'panel.remove', { holder: holder as Id<'hld'> }));
  await rotated(rotating);
  await publish(registry, publisherOf(registry));
  await log();
}

async function settle({ services }: TestRegistry): Promise<void> {
  const { failures } = await settleDue(services);
  if (failures.length > 0) throw new AggregateError(failures.map(({ error }) => error));
}

/** The keys of the registry and its first epoch, as a server announces them when it starts. */
async function announce({ rotating, logSigner }: RecordedRegistry): Promise<void> {
  const { registry } = rotating;
  const { receiptSigner, eventSigner, tokens } = registry.services;
  const now = registry.now();
  const at = toTimestamp(now);
  const keyFact = async (use: string, signer: Signer): Promise<RegistryFact> => {
    const { kid, publicJwk: jwk } = signer;
    const payload = { aud: testOrigin, use, jwk, iat: toNumericDate(now) };
    const statement = await signCompact(logSigner, 'recourse-registry-key+jwt', payload);
    const entry: Entry = { v: 1, type: 'registry-key', at, detail: { use, kid, statement } };
    return { name: `registry-key:${use}:${kid}`, value: statement, entry };
  };
  const { epoch, publicKey } = tokens.epochs()[0]!;
  const detail = { epoch, publicKey, opensAt: at };
  const facts: RegistryFact[] = [
    { name: 'oprf-key:1', value: publicKey, entry: { v: 1, type: 'oprf-epoch', at, detail } },
    { name: 'oprf-opens-at:1', value: at },
    await keyFact('log', logSigner),
    await keyFact('receipt', receiptSigner),
    await keyFact('event', eventSigner),
    await keyFact('set', setSigner),
  ];
  await recordFacts(registry.db, facts, now);
  await logFirstPolicy(registry.db, now);
}

/** Reviewers beside those that the registry starts with, seated by calls. */
async function seat(registry: TestRegistry, count: number): Promise<TestKey[]> {
  const [chair, carrier] = registry.parties.panel;
  const keys: TestKey[] = [];
  for (let n = 0; n < count; n++) {
    const code = random32();
    const termUntil = toNumericDate(registry.now()) + 3_000 * day;
    const input = { invite: inviteKey(code), affiliations: [], termUntil };
    resultOf(await byBoth(registry, 'panel.invite', await countersigned(registry, input)));
    const { holder, key, kid } = await enrol(registry, { code, role: 'reviewer', admin: false });
    const person = { holder, role: 'reviewer', admin: false } as const;
    const statement = await statementBy(registry, chair, { ...person, jwk: key.signer.publicJwk });
    resultOf(await registry.call(carrier, 'keys.add', { statement }));
    keys.push({ ...person, party: 'panel', kid, ...key, statement });
  }
  return keys;
}

/** One record reversed, one withdrawn, one asked to be erased; and what time then takes of them. */
async function erased(registry: TestRegistry): Promise<void> {
  await conceded(registry);
  const withdrawn = await newCase(registry);
  resultOf(await withdraw(registry, withdrawn.sanction));
  await acknowledgeAll(registry);
  await givenUp(registry);
  await settle(registry);
  registry.advance(200 * day);
  await settle(registry);
}

/** An appeal that its claimant gives up, takes up again, and gives up for good; and then their identifier. */
async function givenUp(registry: TestRegistry): Promise<void> {
  const { sanction } = await newCase(registry, { notify: false, told: [] });
  const [code = ''] = await registry.deliver(sanction);
  const key = newSecret();
  resultOf(await registry.caseCall('case.claim', { code, newKey: key, signingKey }));
  const appeal = { key, ground: 'not-me', words: 'It was never me.', language: 'en' } as const;
  resultOf(await registry.caseCall('case.appeal', appeal));
  resultOf(await registry.caseCall('case.withdrawAppeal', { key }));
  resultOf(await registry.caseCall('case.withdrawAppeal', { key, keep: true }));
  resultOf(await withdrawSigned(registry, key));
  registry.advance(4 * day);
  await settle(registry);
  resultOf(await withdraw(registry, sanction));
  resultOf(await registry.caseCall('case.requestErasure', { key }));
  resultOf(await registry.caseCall('case.requestErasure', { key, keep: true }));
  const jti = newJti();
  const act = await signedAct(registry, { key, act: 'request-erasure', jti });
  resultOf(await registry.caseCall('case.requestErasure', { key, act }, { jti }));
  registry.advance(31 * day);
}

/** Registrations that were objected to, admitted and refused; one that nobody minds; one that leaves. */
async function admissions(registry: TestRegistry, panel: readonly TestKey[]): Promise<void> {
  const fresh = [await join(registry), await join(registry)];
  await join(registry, { checkOnly: true, signupsPerDay: 50 });
  for (const newcomer of fresh) {
    const objection = { party: platformId(newcomer), ground: 'owner-undisclosed' } as const;
    resultOf(await registry.call(registry.parties.market.trust, 'parties.object', objection));
  }
  registry.advance(15 * day);
  await settle(registry);
  const open = (await itemRows(registry)).filter(({ kind }) => kind === 'admission');
  for (const [place, { id: item }] of open.entries()) {
    const outcome = (['admit', 'refuse'] as const)[place]!;
    await allVote(registry, { item, among: panel, outcomes: [outcome, outcome, outcome] });
  }
  const leaves = await join(registry);
  resultOf(await registry.call(leaves.admin, 'platforms.leave', { party: platformId(leaves) }));
}

/** A new platform, to which no reason was enabled that its entry does not tell of. */
async function join(
  registry: TestRegistry,
  change: Partial<Registration> = {},
): Promise<TestPlatform> {
  const platform = await newPlatform(registry, change);
  const { id } = platform;
  await registry.ownerDb
    .updateTable('parties')
    .set({ enabled_reasons: [] })
    .where('id', '=', id)
    .execute();
  return platform;
}

/** A platform that lost its admin key. */
async function reenrolled(registry: TestRegistry): Promise<void> {
  const lost = await join(registry);
  const { code, invite } = await askedByDomain(registry, lost.id);
  resultOf(await byBoth(registry, 'platforms.reenrol', { party: platformId(lost), invite }));
  registry.advance(7 * day);
  await enrol(registry, { code, role: 'trust', admin: true });
}

/** An identifier that changed hands, and one that is said to have. */
async function challenged(registry: TestRegistry, panel: readonly TestKey[]): Promise<void> {
  for (const outcome of ['detach', 'keep'] as const) {
    const { tokens } = await newCase(registry);
    const asked = await registry.call(registry.parties.tubely.trust, 'subjects.challenge', {
      token: tokens[0]!,
      epoch: 1,
      ground: 'recycled',
      date: toNumericDate(registry.now()),
    });
    const { items } = resultOf(asked) as { items: { item: string }[] };
    await allVote(registry, { item: items[0]!.item, among: panel, outcomes: [outcome, outcome] });
  }
  await acknowledgeAll(registry);
}

/** What was drawn of a quarter: passed, failed, disputed and found to fit, not to fit, and never looked at. */
async function inspected({ rotating: { registry }, log }: RecordedRegistry): Promise<void> {
  const { market, panel } = registry.parties;
  for (let n = 0; n < 5; n++) await newCase(registry);
  const { start } = quarterOf(registry.now());
  advanceTo(registry, new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 3)));
  // An entry of this quarter, so that a checkpoint of it is signed.
  const quota = { party: platformId(market), submissionsPerDay: 9 };
  resultOf(await byBoth(registry, 'platforms.setQuota', quota));
  await log();
  await settle(registry);
  const [first, second] = panel;
  const decide = async (
    { item, by }: TakenInspection,
    outcome: 'passed' | 'failed',
  ): Promise<void> => {
    resultOf(await examine(registry, { by, item, outcome }));
  };
  for (const outcome of ['passed', 'failed'] as const) {
    const taken = await delivered(registry, first);
    await decide(taken, outcome);
  }
  for (const says of ['fits', 'does-not-fit'] as const) {
    const taken = await delivered(registry, first);
    const place = { appeal: taken.item, item: 0 };
    const contentKey = random32();
    resultOf(await registry.call(first, 'evidence.dispute', { ...place, contentKey }));
    resultOf(await registry.call(second, 'evidence.recheck', {}));
    resultOf(await registry.call(second, 'evidence.settle', { ...place, says }));
    if (says === 'fits') await decide(taken, 'passed');
  }
  await acknowledgeAll(registry);
  registry.advance(33 * day);
  await settle(registry);
}

async function delivered(registry: TestRegistry, by: TestKey): Promise<TakenInspection> {
  const taken = await takeInspection(registry, by);
  resultOf(await deliverInspection(registry, taken));
  return taken;
}

async function conceded(registry: TestRegistry): Promise<TestCase> {
  const theCase = await newCase(registry);
  const { key, sanction } = theCase;
  const words = 'I only shared a screenshot of it.';
  const input = { key, ground: 'disproportionate', words, language: 'en' } as const;
  const opened = await registry.caseCall('case.appeal', input);
  const appeal = opened.body.result.data.appeal as string;
  resultOf(await concede(registry, { sanction, appeal }));
  await acknowledgeAll(registry);
  return theCase;
}

async function acknowledgeAll(registry: TestRegistry): Promise<void> {
  const open = await registry.db
    .selectFrom('recalls')
    .select(['id', 'party', 'kind'])
    .where('acknowledgement', 'is', null)
    .where('superseded_by', 'is', null)
    .execute();
  const { tubely, market } = registry.parties;
  const actions = { undo: 'undone', pause: 'paused', correct: 'corrected' } as const;
  for (const { id, party, kind } of open) {
    const by = [tubely, market].find((one) => one.id === party);
    const acknowledgement = { key: by?.service ?? tubely.service, action: actions[kind] };
    if (by) resultOf(await acknowledge(registry, id, acknowledgement));
  }
}

/** Harbour is warned, suspended by the panel and by the operators, restored by them, and cleared on its appeal. */
async function accused(registry: TestRegistry, panel: readonly TestKey[]): Promise<void> {
  for (let n = 0; n < 3; n++) await conceded(registry);
  registry.advance(31 * day);
  // What the inspections brought before was asked until then.
  await settle(registry);
  for (let n = 0; n < 4; n++) await conceded(registry);
  const rows = await itemRows(registry);
  const { id: item } = rows.find(
    ({ kind, closed_by: by }) => kind === 'party-suspension' && by === null,
  )!;
  await allVote(registry, { item, among: panel, outcomes: ['suspend', 'refuse', 'suspend'] });
  const { harbour } = registry.parties;
  const party = platformId(harbour);
  const both = { party, what: 'both', why: 'terms' } as const;
  resultOf(await byBoth(registry, 'platforms.suspend', both));
  resultOf(await byBoth(registry, 'platforms.restore', { party }));
  await reexamined(registry);
  const itemRef = { item: item as Id<'itm'> };
  const appealed = resultOf(
    await registry.call(harbour.admin, 'parties.appealSuspension', itemRef),
  ) as {
    item: string;
  };
  const among = await seatedOf(registry, { item: appealed.item, among: panel });
  const outcomes = among.map(() => 'lift' as const);
  await allVote(registry, { item: appealed.item, among, outcomes });
}

/** The records of a party that is suspended pass: nothing is left to inspect when the next appeal is assigned. */
async function reexamined(registry: TestRegistry): Promise<void> {
  const open = await registry.db
    .selectFrom('inspections')
    .select('id')
    .where('closed_at', 'is', null)
    .execute();
  for (const [n] of open.entries()) {
    const taken = await delivered(registry, registry.parties.panel[n % 3]!);
    resultOf(await examine(registry, { ...taken, outcome: 'passed' }));
  }
}

/** The ways of the model: a record under every act of its submitter, its creator, reviewers and time. */
async function lives(registry: TestRegistry): Promise<void> {
  const casting = new Casting(registry);
  const context = { wire: ownWire(registry), reached: new Set<string>() };
  for (const script of everyWay) await play(casting, { ...context, script });
}

/** The platform told the person itself: the record has no address that the registry could write to. */
async function stated(registry: TestRegistry): Promise<void> {
  const { id } = await submit(registry, { subjects: [subject('domain')] });
  resultOf(await stateNotice(registry, id));
}

/** A second epoch, a record that is given its tokens, and one that is not. */
async function rotated(rotating: RotatingRegistry): Promise<void> {
  const { registry } = rotating;
  const { harbour } = registry.parties;
  const domains = [named(1), named(2)];
  const sanction = await rotating.list(harbour, ...domains);
  await rotating.list(harbour, named(3));
  await rotating.open();
  await rotating.refresh();
  resultOf(await rotating.retokenise(harbour, sanction, domains));
  await addKey(registry, harbour.admin, { role: 'service' });
  await settle(registry);
}
