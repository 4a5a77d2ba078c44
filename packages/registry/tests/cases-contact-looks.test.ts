import { defaultDeadlines as deadlines } from '@recourse/protocol/review';
import type { Id } from '@recourse/protocol';
import { connect, dueKinds, steps } from '@recourse/registry';
import type { TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { mailNews } from '../src/cases/mail-news.ts';
import type { Db } from '../src/kernel/database.ts';
import { writeNextOf } from '../src/records/next-instant.ts';
import { settleKind } from '../src/scheduler/settle-due.ts';
import { newCase, startAppealRegistry } from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';
import { matchesOf } from './derived-fixture.ts';
import { acknowledge, hours, recallsOf } from './recalls-fixture.ts';
import { sqlState, withdraw } from './sanctions-harness.ts';

// A look costs what happened: an address that was looked at waits until its case changes, or time changes something.

let registry: TestRegistry;
let sanction: Id<'snc'>;
let match: Id<'mat'>;
let email: string;

beforeAll(async () => {
  registry = await startAppealRegistry();
});
afterAll(() => registry.close());

let count = 0;
/** An address of a case that Tubely was told of, looked at, with nothing to tell. */
beforeEach(async () => {
  const { key, tokens, ...theCase } = await newCase(registry, { told: [] });
  sanction = theCase.sanction as Id<'snc'>;
  const [toldOf] = await matchesOf(registry, registry.parties.tubely, [tokens[0]!]);
  match = toldOf!.match;
  email = `creator${++count}@mail.example`;
  await registry.caseCall('case.setContact', { key, email, language: 'en' });
  const { code } = registry.proofs.mails.at(-1)!;
  await registry.caseCall('case.confirmContact', { key, code });
  await look();
});

const look = () => settleKind(registry.services, { kind: 'contacts' });

async function told(): Promise<number> {
  await mailNews(registry.services);
  return registry.proofs.news.filter(({ to }) => to === email).length;
}

const contact = () =>
  registry.db.selectFrom('contact_looks').select('look_at').where('sanction', '=', sanction);

async function isWaiting(): Promise<boolean | undefined> {
  const row = await contact().executeTakeFirst();
  return row && row.look_at > registry.now();
}

test('an address that was looked at waits, and nothing is found', async () => {
  expect(await isWaiting()).toBe(true);
  const query = { now: registry.now(), deadlines, limit: 1, except: [] };
  expect(await dueKinds['contacts']!.find(registry.db, query)).toEqual([]);
  expect(await told()).toBe(0);
});

test('it is told when a platform asks about the record, and when its submitter answers', async () => {
  const { tubely, harbour } = registry.parties;
  const asked = await registry.call(tubely.trust, 'matches.ask', {
    match,
    asks: 'still-stands',
  });
  const { question } = resultOf(asked) as { question: Id<'qst'> };
  expect(await told()).toBe(1);
  registry.advance(1 * hours);
  await look();
  expect(await isWaiting()).toBe(true);
  const answer = await registry.call(harbour.trust, 'matches.answer', { question, answer: 'yes' });
  resultOf(answer);
  expect(await told()).toBe(2);
});

test('it goes when the last recall is acknowledged after its last mail', async () => {
  resultOf(await withdraw(registry, sanction));
  expect(await told()).toBe(1);
  await look();
  expect(await isWaiting()).toBe(true);
  const [recall] = await recallsOf(registry, sanction);
  resultOf(await acknowledge(registry, recall!.id));
  await look();
  expect(await isWaiting()).toBeUndefined();
});

test('it is looked at once a day, whoever changed its case', async () => {
  await happen();
  expect(await told()).toBe(0);
  registry.advance(24 * hours);
  expect(await told()).toBe(1);
});

test('a look beside a change that is not committed yet hides nothing of it', async () => {
  const other = connect({ url: registry.url, role: 'recourse_service', connections: 1 });
  try {
    await other.transaction().execute(async (trx) => {
      await happen(trx);
      await writeNextOf(trx, [sanction]);
      registry.advance(24 * hours);
      await look();
    });
    expect(await told()).toBe(1);
  } finally {
    await other.destroy();
  }
});

const isDue = async (db: Db): Promise<boolean> =>
  (
    await sql<{ due: boolean }>`
      select exists (select from due_contacts(${registry.now()}) d
        join case_contacts c on c.claimant = d.claimant where c.sanction = ${sanction}) as due`.execute(
      db,
    )
  ).rows[0]!.due;

/** Statements of a step that name something. */
const statementsOf = (step: string, named: string): string[] =>
  steps.find(({ name }) => name === step)!.statements.filter((one) => one.includes(named));

test('an address that a server of 0.1.0 left, which has no look, is looked at before the contract and behind it', async () => {
  const taken = new Error('taken back');
  const done = registry.ownerDb.transaction().execute(async (trx) => {
    await sql`alter table case_contacts drop constraint case_contacts_looked`.execute(trx);
    await sql`delete from contact_looks where sanction = ${sanction}`.execute(trx);
    expect(await isDue(trx)).toBe(false);
    const [before] = statementsOf('0002-growth', 'FUNCTION public.due_contacts');
    await sql.raw(before!).execute(trx);
    expect(await isDue(trx)).toBe(true);
    for (const statement of statementsOf('0003-growth-contract', 'contact_looks'))
      await sql.raw(statement).execute(trx);
    expect(await isDue(trx)).toBe(true);
    throw taken;
  });
  await expect(done).rejects.toBe(taken);
});

test('no address is without its look, and nobody takes one away', async () => {
  const attack = (statement: string) => sqlState(sql.raw(statement).execute(registry.db));
  const copy = `insert into case_contacts (claimant, sanction, address, stop, at, confirm_by, told)
    select c.id, c.sanction, '', c.id, c.since, c.since, 0 from claimants c where c.sanction = '${sanction}'
      and not exists (select from case_contacts t where t.claimant = c.id)`;
  await registry.db.deleteFrom('case_contacts').where('sanction', '=', sanction).execute();
  expect(await attack(copy)).toBe('23503');
  expect(await attack('delete from contact_looks')).toBe('42501');
  await sql`alter table case_contacts drop constraint case_contacts_looked`.execute(
    registry.ownerDb,
  );
  expect(await attack(copy)).toBe('accepted');
});

/** A line of the history, as a server writes it that knows of no looks. */
const happen = (db = registry.db) =>
  sql`insert into sanction_events (sanction, position, version, event, at)
    select sanction, max(position) + 1, max(version), 'subject-erased', ${registry.now()}
    from sanction_events where sanction = ${sanction} group by sanction`.execute(db);
