import { priorMatchDays } from '../schema/figures.ts';
import { endingColumns, endingJoins, ownEndingColumns } from '../schema/life-columns.ts';
import { among, keyed } from './keyed.ts';

/**
 * A record says that it is derived where rows show it: its group was told of another on one of its subjects, or it
 * commits to evidence of another group's earlier record. A check that is answered meanwhile has the submission run
 * again.
 */
const assertDerived = `create function assert_derived() returns trigger language plpgsql as $$
  declare
    since timestamptz := coalesce(new.drafted_at, new.submitted_at) - interval '${24 * priorMatchDays} hours';
  begin
    if exists (
      select from evidence_commitments mine
      cross join lateral (
        select c.sanction from evidence_commitments c
        where c.commitment = mine.commitment and c.sanction <> new.id ${keyed}) theirs
      where mine.sanction = new.id and exists (
        select from sanctions s where s.id = theirs.sanction and s.submitted_at <= new.submitted_at
          and not ${among('s.party', 'group_members(new.party, new.submitted_at)')} ${keyed})
    ) or exists (
      select from subjects mine
      cross join lateral (
        select m.party from subjects j join matches m on m.sanction = j.sanction
        where j.lookup = mine.lookup and m.told_at > since
        union all
        select m.party from checked_subjects c join matches m on m.check_id = c.check_id
        where c.lookup = mine.lookup and m.told_at > since) told
      where mine.sanction = new.id
        and ${among('told.party', 'group_members(new.party, new.submitted_at)')}
    ) then
      raise exception 'a derived record that does not say so' using errcode = 'serialization_failure';
    end if;
    return null;
  end $$`;

/**
 * A review is of a derived record, and runs as it began until it is confirmed. What follows a record says so for good.
 */
export const derivedGuards = (role: string): string[] => [
  `alter table evidence_commitments enable row level security`,
  `create policy evidence_commitments_read on evidence_commitments for select to ${role} using (true)`,
  // In the statement that inserts the record, which does not see it yet: `assert_evidence` compares.
  `create policy evidence_commitments_at_once on evidence_commitments for insert to ${role} with check (
    not exists (select from sanctions s where s.id = evidence_commitments.sanction))`,
  assertDerived,
  `create trigger sanctions_derived after insert or update of submitted_at on sanctions
    for each row when (new.submitted_at is not null and not new.prior_match) execute function assert_derived()`,
  `create function assert_said_derived() returns trigger language plpgsql as $$
    begin
      if not exists (select from sanctions s where s.id = new.derived and s.prior_match) then
        raise exception 'no derived record' using errcode = 'check_violation';
      end if;
      return new;
    end $$`,
  ...['derived_records', 'derived_reviews'].map(
    (table) =>
      `create trigger ${table}_of_derived before insert on ${table} for each row execute function assert_said_derived()`,
  ),
  `create trigger derived_reviews_final before update of confirmed_at, confirmation on derived_reviews
    for each row when (old.confirmed_at is not null) execute function refuse_change()`,
  `create trigger sanctions_derived_final before update of prior_match on sanctions
    for each row when (old.prior_match or old.submitted_at is not null) execute function refuse_change()`,
];

export const evasionGuards = [
  // What the records that one evades end by, directly or through others: facts alone, `life.rules.ts` decides.
  `create function evaded_records(evaded text) returns jsonb language sql stable strict as $$
    with recursive chain(id) as (
      select evaded
      union
      select s.evades from chain join sanctions s on s.id = chain.id where s.evades is not null
    )
    select jsonb_agg(to_jsonb(l)) from chain cross join lateral (
      select s.id as sanction, s.version, ${ownEndingColumns}, ${endingColumns}
      from sanctions s ${endingJoins} where s.id = chain.id) l
  $$`,
  // Its life is never beyond that of what it evades, which came before it.
  `create function refuse_longer_evasion() returns trigger language plpgsql as $$
    begin
      if not exists (select from sanctions s where s.id = new.evades
          and new.expires_at <= least(s.expires_at, s.amended_until)) then
        raise exception 'outlives what it evades' using errcode = 'check_violation';
      end if;
      return new;
    end $$`,
  `create trigger sanctions_evading_shorter before insert or update of evades, expires_at on sanctions
    for each row when (new.evades is not null) execute function refuse_longer_evasion()`,
];
