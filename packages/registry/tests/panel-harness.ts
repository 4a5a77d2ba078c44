import {
  reasonsCommitment,
  signCompact,
  strikesCommitment,
  toNumericDate,
  type AppealGround,
  type CountedCase,
  type WithdrawalCause,
  type DecisionOutcome,
  type Id,
  type PanelOutcome,
} from '@recourse/protocol';
import {
  addedKey,
  insertHolder,
  insertKey,
  random32,
  testId,
  testOrigin,
  type TestAnswer,
  type TestKey,
  type TestPlatform,
  type TestRegistry,
} from '@recourse/testkit';
import { sql } from 'kysely';
import { judgeSubmitter } from '../src/accountability/judging.ts';
import { onItsOwn } from '../src/records/on-its-own.ts';
import { appealCase, newCase, type TestCase } from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';
import { acknowledge } from './recalls-fixture.ts';

/** So many reviewers beside the three: first the two in reserve. */
export async function seatReviewers(registry: TestRegistry, count: number): Promise<TestKey[]> {
  const [chair] = registry.parties.panel;
  const now = registry.now();
  const seed = { db: registry.ownerDb, audience: testOrigin, now };
  const keys: TestKey[] = registry.parties.reserve.slice(0, count);
  for (let n = keys.length; n < count; n++) {
    const seat = { party: 'panel', role: 'reviewer', admin: false } as const;
    const key = await addedKey({ ...seat, audience: testOrigin, now, by: chair });
    await insertHolder(seed, key);
    await insertKey(seed, key, 100 + n);
    keys.push(key);
  }
  return keys;
}

export async function voteOf(
  registry: TestRegistry,
  ballot: { by: TestKey; item: string; outcome: PanelOutcome; strikes?: CountedCase[] },
) {
  const reasons = { text: 'The figures are what they are.', salt: random32() };
  const vote = await signCompact(ballot.by.signer, 'recourse-panel-vote+jwt', {
    iss: 'panel',
    aud: testOrigin,
    item: ballot.item,
    outcome: ballot.outcome,
    reasons: reasonsCommitment(reasons),
    ...(ballot.strikes ? { strikes: strikesCommitment(ballot.strikes, reasons.salt) } : {}),
    iat: toNumericDate(registry.now()),
  });
  return { vote, reasons, ...(ballot.strikes ? { strikes: ballot.strikes } : {}) };
}

export const castVote = async (
  registry: TestRegistry,
  ballot: Parameters<typeof voteOf>[1],
): Promise<TestAnswer> => registry.call(ballot.by, 'review.vote', await voteOf(registry, ballot));

export interface Item {
  readonly item: Id<'itm'>;
  readonly kind: string;
  readonly party: string;
  readonly voted: boolean;
}

export const itemsOf = async (registry: TestRegistry, by: TestKey): Promise<Item[]> =>
  (resultOf(await registry.call(by, 'review.items', {})) as { items: Item[] }).items;

/** The reviewers among these who have a seat on an item. */
export async function seatedOf(
  registry: TestRegistry,
  seating: { item: string; among: readonly TestKey[] },
): Promise<TestKey[]> {
  const seated: TestKey[] = [];
  for (const key of seating.among) {
    const items = await itemsOf(registry, key);
    if (items.some(({ item }) => item === seating.item)) seated.push(key);
  }
  return seated;
}

/** Everybody who has a seat votes so; the last answer. */
export async function allVote(
  registry: TestRegistry,
  voting: { item: string; among: readonly TestKey[]; outcomes: readonly PanelOutcome[] },
): Promise<TestAnswer> {
  const seated = await seatedOf(registry, voting);
  if (seated.length !== voting.outcomes.length) throw new Error(`${seated.length} are seated`);
  const answers: TestAnswer[] = [];
  for (const [place, outcome] of voting.outcomes.entries()) {
    const answer = await castVote(registry, { by: seated[place]!, item: voting.item, outcome });
    resultOf(answer);
    answers.push(answer);
  }
  return answers.at(-1)!;
}

export interface ClosedAppeal {
  readonly as: 'decided' | 'withdrawn' | 'undelivered' | 'undecided' | 'conceded' | 'restored';
  readonly outcome?: DecisionOutcome;
  readonly cause?: string;
  readonly concession?: WithdrawalCause;
  readonly ground?: AppealGround;
  readonly openedAt?: Date;
  readonly closedAt: Date;
  /** Opened by a proven way */
  readonly proven?: true;
  /** The reviewer who decided it */
  readonly by?: TestKey;
}

/** Appeals that were closed, one after the other, as the owner of the schema writes them. */
export async function closedAppeals(
  registry: TestRegistry,
  { sanction, claimant }: Pick<TestCase, 'sanction' | 'claimant'>,
  list: readonly ClosedAppeal[],
): Promise<string[]> {
  const ids: string[] = [];
  for (const appeal of list) {
    const id = testId('apl', appeal.closedAt);
    const opened = appeal.openedAt ?? new Date(appeal.closedAt.getTime() - 20 * 86_400_000);
    await sql`with r as (insert into reviews (id, sanction) values (${id}, ${sanction}))
      insert into appeals (id, sanction, submitter, claimant, ground, language, words, reviewers, opened_at,
        assignment_due_at, decision_due_at, undecided_at, bound, closed_at, closed_as, outcome, cause, concession)
      values (${id}, ${sanction}, (select party from sanctions where id = ${sanction}), ${claimant}, ${appeal.ground ?? 'facts-wrong'}, 'en', '\\x00', 1, ${opened},
        ${new Date(opened.getTime() + 5 * 86_400_000)},
        ${new Date(opened.getTime() + 30 * 86_400_000)}, ${new Date(opened.getTime() + 180 * 86_400_000)},
        false, ${appeal.closedAt}, ${appeal.as}, ${appeal.outcome ?? null}, ${appeal.cause ?? null},
        ${appeal.concession ?? null})`.execute(registry.ownerDb);
    if (appeal.proven) {
      await sql`update appeals set proven = true where id = ${id}`.execute(registry.ownerDb);
    }
    if (appeal.by) await decidedBy(registry, { ...appeal, by: appeal.by, id, sanction });
    ids.push(id);
  }
  return ids;
}

async function decidedBy(
  registry: TestRegistry,
  appeal: ClosedAppeal & { by: TestKey; id: string; sanction: string },
): Promise<void> {
  const { id, sanction, by, closedAt: at, outcome = 'upheld' } = appeal;
  const { ownerDb } = registry;
  await sql`insert into assignments (review, sanction, holder, kid, at, expires_at, released_at, released_as,
      batch)
    values (${id}, ${sanction}, ${by.holder}, ${by.kid}, ${at}, ${at}, ${at}, 'decided', ${id})`.execute(
    ownerDb,
  );
  await sql`insert into decisions (sanction, holder, review, kid, outcome, cause, artefact, reasons, at, serial)
    values (${sanction}, ${by.holder}, ${id}, ${by.kid}, ${outcome}, ${appeal.cause ?? null},
      'x.y.z', '\\x00', ${at},
      ${outcome} in ('reversed', 'finding', 'amended', 'dismissed')
        and series_of(${by.holder}, ${sanction}, ${at}) is not null)`.execute(ownerDb);
}

/** What the submitter's reversals come to now. */
export const judge = (registry: TestRegistry, party: TestPlatform): Promise<number> =>
  onItsOwn(registry.services, (ctx) => judgeSubmitter(ctx, party.id));

export async function concede(
  registry: TestRegistry,
  concession: {
    sanction: Id<'snc'>;
    appeal: string;
    by?: TestPlatform;
    cause?: WithdrawalCause;
  },
): Promise<TestAnswer> {
  const { trust, id } = concession.by ?? registry.parties.harbour;
  return registry.call(trust, 'appeals.respond', {
    appeal: concession.appeal as Id<'apl'>,
    concede: await signCompact(trust.signer, 'recourse-withdrawal+jwt', {
      iss: id,
      aud: testOrigin,
      sub: concession.sanction,
      cause: concession.cause ?? 'error',
      iat: toNumericDate(registry.now()),
    }),
  });
}

/** A record that was told, appealed and conceded, with its recall closed. */
export async function conceded(registry: TestRegistry): Promise<Id<'snc'>> {
  const theCase = await newCase(registry);
  const { id } = await appealCase(registry, theCase);
  resultOf(await concede(registry, { sanction: theCase.sanction, appeal: id }));
  const [owed] = await registry.db
    .selectFrom('recalls')
    .select('id')
    .where('sanction', '=', theCase.sanction)
    .execute();
  resultOf(await acknowledge(registry, owed!.id));
  return theCase.sanction;
}

export interface Rows {
  readonly kind: string;
  readonly outcome: string | null;
  readonly closed_by: string | null;
  readonly id: string;
}

/** But for the question what to strike, which comes at five reversals beside any other. */
export const itemRows = (registry: TestRegistry): Promise<Rows[]> =>
  registry.db
    .selectFrom('panel_items')
    .select(['id', 'kind', 'outcome', 'closed_by'])
    .where('kind', '<>', 'strikes')
    .orderBy('opened_at')
    .orderBy('id')
    .execute();

/** Public entries of one type that wait for the log, as their details. */
export async function detailsOf(
  registry: TestRegistry,
  type: string,
): Promise<Record<string, unknown>[]> {
  const entries = (await registry.pendingEntries()).map(
    (entry) => JSON.parse(entry) as { type: string; detail: Record<string, unknown> },
  );
  return entries.filter((entry) => entry.type === type).map(({ detail }) => detail);
}

/** Harbour was warned 31 days ago and has five reversals of five; the item that this opened. */
export async function accusedHarbour(registry: TestRegistry): Promise<string> {
  for (let n = 0; n < 3; n++) await conceded(registry);
  registry.advance(31 * 86_400);
  for (let n = 0; n < 2; n++) await conceded(registry);
  const open = (await itemRows(registry)).find(({ closed_by }) => closed_by === null);
  if (!open) throw new Error('no item was opened');
  return open.id;
}
