import type { TestKey, TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  appealCase,
  assign,
  claimCase,
  day,
  decide,
  deliver,
  newCase,
  readyCase,
  startAppealRegistry,
} from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';
import { sqlState } from './sanctions-harness.ts';

/**
 * Every attack is made as the service role, as by a server that was taken over. Each is refused, and each goes
 * through once the control that refuses it is taken away: so it is that control, and nothing else.
 */
let registry: TestRegistry;
beforeEach(async () => {
  registry = await startAppealRegistry();
});
afterEach(() => registry.close());

const forbidden = '42501';
const duplicate = '23505';
const checked = '23514';

const attack = (statement: string): Promise<string> =>
  sqlState(sql.raw(statement).execute(registry.db));
const asOwner = async (...statements: string[]): Promise<void> => {
  for (const statement of statements) await sql.raw(statement).execute(registry.ownerDb);
};

/** What an attack comes to, and what it comes to without the control. */
async function tried(statement: string, control: readonly string[]): Promise<string[]> {
  const refused = await attack(statement);
  await asOwner(...control);
  return [refused, await attack(statement)];
}

const judging = ['alter policy decisions_independent on decisions with check (true)'];
const insertDecision = (decision: { sanction: string; appeal: string; by: TestKey }): string =>
  `insert into decisions (sanction, holder, review, kid, outcome, artefact, reasons, at, serial)
   values ('${decision.sanction}', '${decision.by.holder}', '${decision.appeal}', '${decision.by.kid}', 'upheld', 'x.y.z',
     '\\x00', '${registry.now().toISOString()}', false)`;
const insertAssignment = (assignment: { sanction: string; appeal: string; by: TestKey }): string =>
  `insert into assignments (review, sanction, holder, kid, at, expires_at, batch)
   values ('${assignment.appeal}', '${assignment.sanction}', '${assignment.by.holder}', '${assignment.by.kid}',
     '${registry.now().toISOString()}', '${new Date(registry.now().getTime() + 1e8).toISOString()}', '${assignment.appeal}')`;

async function taken() {
  const theCase = await newCase(registry);
  const { id: appeal } = await appealCase(registry, theCase);
  const reviewer = await claimCase(registry, registry.parties.panel[0], appeal);
  return { ...theCase, appeal, reviewer, by: reviewer.key };
}

const monthsAgo = (months: number): Date => {
  const at = registry.now();
  at.setUTCMonth(at.getUTCMonth() - months);
  return at;
};
const affiliate = (by: TestKey, affiliation: { party: string; until?: Date }) =>
  registry.db
    .insertInto('affiliations')
    .values({ holder: by.holder, party: affiliation.party, until: affiliation.until ?? null })
    .execute();

describe('an affiliated reviewer decides nothing', () => {
  const rows: [string, () => Promise<{ party: string; until?: Date }>][] = [
    ['with the submitter', async () => ({ party: registry.parties.harbour.id })],
    [
      'with a platform of the same group',
      async () => {
        const { harbour, market } = registry.parties;
        await asOwner(
          `update party_groups set group_name = 'harbour' where party = '${market.id}'`,
        );
        expect(harbour.id).not.toBe(market.id);
        return { party: market.id };
      },
    ],
    [
      'until 23 months ago',
      async () => ({ party: registry.parties.harbour.id, until: monthsAgo(23) }),
    ],
  ];

  test.each(rows)('%s', async (_, affiliation) => {
    const assigned = await taken();
    await affiliate(assigned.by, await affiliation());
    expect(await tried(insertDecision(assigned), judging)).toEqual([forbidden, 'accepted']);
  });

  test.each(rows)('nor takes the case, %s', async (_, affiliation) => {
    const theCase = await newCase(registry);
    const { id: appeal } = await appealCase(registry, theCase);
    const by = registry.parties.panel[0];
    await affiliate(by, await affiliation());
    expect(
      await tried(insertAssignment({ ...theCase, appeal, by }), [
        'alter policy assignments_independent on assignments with check (true)',
      ]),
    ).toEqual([forbidden, 'accepted']);
  });

  test('25 months ago, or with a platform that was told: may', async () => {
    const assigned = await taken();
    const { harbour, tubely } = registry.parties;
    await affiliate(assigned.by, { party: harbour.id, until: monthsAgo(25) });
    await affiliate(assigned.by, { party: tubely.id });
    expect(await attack(insertDecision(assigned))).toBe('accepted');
  });

  test('removed, or with a term that is over', async () => {
    const assigned = await taken();
    await asOwner(`update holders set removed_at = now() where id = '${assigned.by.holder}'`);
    expect(await attack(insertDecision(assigned))).toBe(forbidden);
    await asOwner(
      `update holders set removed_at = null, term_until = '2020-01-01' where id = '${assigned.by.holder}'`,
    );
    expect(await tried(insertDecision(assigned), judging)).toEqual([forbidden, 'accepted']);
  });
});

describe('a decision', () => {
  test('is made once by a reviewer', async () => {
    const assigned = await taken();
    expect(await attack(insertDecision(assigned))).toBe('accepted');
    expect(
      await tried(insertDecision(assigned), [
        'alter table decisions drop constraint decisions_pkey',
      ]),
    ).toEqual([duplicate, 'accepted']);
  });

  test('needs an assignment', async () => {
    const assigned = await taken();
    expect(
      await tried(insertDecision({ ...assigned, by: registry.parties.panel[1] }), [
        ...judging,
        'alter table decisions drop constraint decisions_review_holder_fkey',
      ]),
    ).toEqual([forbidden, 'accepted']);
  });

  test('needs an assignment with a key', async () => {
    const theCase = await newCase(registry);
    const { id: appeal } = await appealCase(registry, theCase);
    const by = registry.parties.panel[0];
    resultOf(await assign(registry, by));
    expect(await tried(insertDecision({ ...theCase, appeal, by }), judging)).toEqual([
      forbidden,
      'accepted',
    ]);
  });

  test('needs an assignment that was not given back, and that stays given back', async () => {
    const assigned = await taken();
    const { appeal, by } = assigned;
    resultOf(await registry.call(by, 'review.recuse', { appeal, why: 'affiliation' }));
    expect(
      await tried(
        `update assignments set released_at = null, released_as = null where review = '${appeal}'`,
        ['drop trigger assignments_final on assignments'],
      ),
    ).toEqual([checked, 'accepted']);
    await asOwner(
      `update assignments set released_at = now(), released_as = 'recused' where review = '${appeal}'`,
    );
    expect(await tried(insertDecision(assigned), judging)).toEqual([forbidden, 'accepted']);
  });

  test('comes before the appeal is closed', async () => {
    const assigned = await taken();
    await asOwner(
      `update appeals set closed_at = now(), closed_as = 'conceded' where id = '${assigned.appeal}'`,
    );
    expect(await tried(insertDecision(assigned), judging)).toEqual([forbidden, 'accepted']);
  });

  test('is not undone', async () => {
    const ready = await readyCase(registry);
    const by = ready.reviewers[0]!.key;
    resultOf(await decide(registry, { ...ready, by, decision: { outcome: 'upheld' } }));
    const where = `where review = '${ready.appeal}'`;
    expect(
      await tried(`update decisions set outcome = 'dismissed' ${where}`, [
        'grant update on decisions to recourse_service',
        'create policy p on decisions for update to recourse_service using (true)',
      ]),
    ).toEqual([forbidden, 'accepted']);
    expect(
      await tried(`delete from decisions ${where}`, [
        'grant delete on decisions to recourse_service',
        'create policy q on decisions for delete to recourse_service using (true)',
      ]),
    ).toEqual([forbidden, 'accepted']);
    const reopen = `update appeals set closed_at = null, closed_as = null, outcome = null
      where id = '${ready.appeal}'`;
    expect(await tried(reopen, ['drop trigger appeals_final on appeals'])).toEqual([
      checked,
      'accepted',
    ]);
  });
});

test('an appeal is closed for no cause that people have no text for', async () => {
  const { appeal } = await taken();
  const close = `update appeals set closed_at = now(), closed_as = 'undelivered', cause = 'mood'
    where id = '${appeal}'`;
  expect(await tried(close, ['alter table appeals drop constraint appeals_cause_check'])).toEqual([
    checked,
    'accepted',
  ]);
});

test('no appeal is closed as undecided before its time, and no record ends so for another reason', async () => {
  const { appeal, sanction } = await taken();
  const close = `update appeals set closed_at = now(), closed_as = 'undecided', cause = 'undecided'
    where id = '${appeal}'`;
  const early = 'alter table appeals drop constraint appeals_undecided_late';
  expect(await tried(close, [early])).toEqual([checked, 'accepted']);
  const end = `with e as (
      insert into ends (sanction, kind, cause, at, by_party)
      values ('${sanction}', 'undecided', 'error', now(), 'panel') returning at)
    update sanctions set ended_early_at = e.at from e where id = '${sanction}'`;
  const other = 'alter table ends drop constraint ends_undecided';
  expect(await tried(end, [other])).toEqual([checked, 'accepted']);
});

test('no appeal keeps its record held for longer than 60 days', async () => {
  const { appeal } = await taken();
  const longer = `update appeals set keeps_until = opened_at + interval '64 days' where id = '${appeal}'`;
  const holds = sql.raw(longer).execute(registry.ownerDb);
  expect(await sqlState(holds)).toBe(checked);
});

const newReview = (sanction: string): string =>
  `insert into reviews (id, sanction) values ('apl_00000000000000000000000000', '${sanction}')`;

test('an appeal is on a record of whom it names', async () => {
  const { appeal, sanction } = await taken();
  const other = `with r as (${newReview(sanction)}) insert into appeals (id, sanction, submitter, claimant, ground, language, words, reviewers,
      opened_at, assignment_due_at, decision_due_at, undecided_at, bound, closed_at, closed_as)
    select 'apl_00000000000000000000000000', sanction, '${registry.parties.tubely.id}', claimant, ground, language,
      words, reviewers, opened_at, assignment_due_at, decision_due_at, undecided_at, bound, opened_at, 'withdrawn'
    from appeals where id = '${appeal}'`;
  expect(await tried(other, ['drop trigger appeals_submitter on appeals'])).toEqual([
    checked,
    'accepted',
  ]);
});

const appealAgain = (appeal: string): string =>
  `insert into appeals (id, sanction, submitter, claimant, ground, language, words, reviewers,
      opened_at, assignment_due_at, decision_due_at, undecided_at, bound, keeps_until)
    select 'apl_00000000000000000000000000', sanction, submitter, claimant, ground, language, words, reviewers,
      opened_at, assignment_due_at, decision_due_at, undecided_at, bound, keeps_until
    from appeals where id = '${appeal}'`;

test('one open appeal at a time', async () => {
  const assigned = await taken();
  const again = `with r as (${newReview(assigned.sanction)}), about as (
      insert into appeal_proofs (appeal, sanction, proof)
      select 'apl_00000000000000000000000000', sanction, proof from appeal_proofs
      where appeal = '${assigned.appeal}') ${appealAgain(assigned.appeal)}`;
  expect(await tried(again, ['drop index appeals_one_open'])).toEqual([duplicate, 'accepted']);
});

test('no appeal is without its review, and no review is of its own making', async () => {
  const assigned = await taken();
  await asOwner('drop index appeals_one_open');
  expect(await tried(newReview(assigned.sanction), [])).toEqual(['23503', '23503']);
  const unsaid = 'drop trigger appeals_on_evidence on appeals';
  const reviewed = 'alter table appeals drop constraint appeals_id_sanction_fkey';
  expect(await tried(appealAgain(assigned.appeal), [reviewed, unsaid])).toEqual([
    '23503',
    'accepted',
  ]);
  await asOwner('alter table reviews drop constraint reviews_of_appeal');
  const other = newReview(assigned.sanction).replace('000', '001');
  expect(await attack(other)).toBe('accepted');
});

test('an ended sanction is not revived', async () => {
  const assigned = await taken();
  const decision = { outcome: 'reversed', cause: 'error' } as const;
  resultOf(await decide(registry, { ...assigned, decision }));
  const where = `where sanction = '${assigned.sanction}'`;
  expect(
    await tried(
      `insert into ends (sanction, kind, cause, at, by_party)
     values ('${assigned.sanction}', 'withdrawn', 'error', now(), 'panel')`,
      ['alter table ends drop constraint ends_pkey', 'drop trigger ends_as_record on ends'],
    ),
  ).toEqual([duplicate, 'accepted']);
  expect(
    await tried(`update ends set at = at + interval '9 years' ${where}`, [
      'grant update on ends to recourse_service',
    ]),
  ).toEqual([forbidden, 'accepted']);
  expect(
    await tried(`delete from ends ${where}`, ['grant delete on ends to recourse_service']),
  ).toEqual([forbidden, 'accepted']);
});

describe('an amendment shortens', () => {
  const amended = async () => {
    const ready = await readyCase(registry);
    const by = ready.reviewers[0]!.key;
    const exp = Math.floor(registry.now().getTime() / 1000) + 60 * day;
    const decision = { outcome: 'amended' as const, exp, detach: [1] };
    resultOf(await decide(registry, { ...ready, by, decision }));
    return ready.sanction;
  };
  const final = ['drop trigger sanctions_final on sanctions'];

  test('and no later one lengthens', async () => {
    const id = await amended();
    const set = (value: string): string => `update sanctions set ${value} where id = '${id}'`;
    expect(await attack(set(`amended_until = null`))).toBe(checked);
    expect(await attack(set(`amendment = null, amended_until = null`))).toBe(checked);
    expect(await attack(set(`expires_at = expires_at + interval '1 day'`))).toBe(forbidden);
    const later = set(`amended_until = amended_until + interval '1 day'`);
    expect(await tried(later, final)).toEqual([checked, 'accepted']);
  });

  test('never beyond the expiry of the statement', async () => {
    const { sanction } = await newCase(registry);
    expect(
      await tried(
        `update sanctions set amendment = 'x', amended_until = expires_at + interval '1 day'
       where id = '${sanction}'`,
        await constraintsOn('amended_until <= expires_at'),
      ),
    ).toEqual([checked, 'accepted']);
  });

  test('never beyond what its lesser reason lets a record live', async () => {
    const { sanction } = await newCase(registry);
    expect(
      await tried(
        `update sanctions set amendment = 'x', amended_reason = 'network.bulk-spam'
       where id = '${sanction}'`,
        await constraintsOn('longest_life_months(amended_reason)'),
      ),
    ).toEqual([checked, 'accepted']);
  });

  test('a subject that was detached stays so', async () => {
    const id = await amended();
    expect(
      await tried(
        `update subjects set detached_at = null where sanction = '${id}' and position = 1`,
        ['drop trigger subjects_final on subjects'],
      ),
    ).toEqual([checked, 'accepted']);
  });
});

test('evidence that was rejected stays destroyed', async () => {
  const assigned = await taken();
  const { appeal, by } = assigned;
  resultOf(await deliver(registry, { appeal, to: [assigned.reviewer] }));
  const why = 'illegal-media' as const;
  resultOf(await registry.call(by, 'evidence.reject', { appeal, item: 0, why }));
  const where = `where review = '${appeal}'`;
  const clear = `update deliveries set rejected_at = null, rejected_why = null ${where}`;
  expect(await attack(`update deliveries set sealed = '\\x00' ${where}`)).toBe(checked);
  expect(await attack(`delete from deliveries ${where}`)).toBe(forbidden);
  expect(await tried(clear, ['drop trigger deliveries_final on deliveries'])).toEqual([
    checked,
    'accepted',
  ]);
});

/** Drops the checks of sanctions whose definition holds a text. */
async function constraintsOn(text: string): Promise<string[]> {
  const { rows } = await sql<{ name: string; definition: string }>`
    select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
    where conrelid = 'sanctions'::regclass and contype = 'c'`.execute(registry.ownerDb);
  const found = rows.filter(({ definition }) => definition.includes(text));
  expect(found.length).toBeGreaterThan(0);
  return found.map(({ name }) => `alter table sanctions drop constraint ${name}`);
}
