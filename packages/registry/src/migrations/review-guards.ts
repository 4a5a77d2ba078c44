import {
  askDays,
  inspectionTakenBeforeDays,
  lapseDays,
  mostLapses,
} from '@recourse/protocol/review';
import { againGuards, seatedAgain } from './again-guards.ts';
import { refuse } from './refuse.ts';
import { apart } from './panel-seats.ts';

/**
 * New to a record: nobody decides it twice while others are there. Out stays who decided it, has it, gave it back or let
 * it expire, as a reviewer of an appeal or of an inspection; who looked again at its evidence; and who decided about the record
 * that it comes after.
 * Who had it when the appeal or the record ended without them may come back: a creator who appeals and withdraws in turn
 * would use up the panel.
 * @param of_work the appeal or inspection that they have already, which does not count
 */
export const isNewTo = `create function is_new_to(of_sanction text, of_holder text, of_work text)
  returns boolean language sql stable as $$
    select not exists (
        select from assignments c where c.sanction = of_sanction and c.holder = of_holder
          and c.review is distinct from of_work and c.released_as is distinct from 'closed')
      and not exists (
        select from inspections u where u.sanction = of_sanction and of_holder = any(u.deciders))
      and not exists (
        select from disputes p where p.sanction = of_sanction and p.second = of_holder
          and p.review is distinct from of_work and p.closed_as is distinct from 'moot')
  $$`;

/**
 * What appeals and inspections have in common. `taken_by` is when a reviewer should have it, `lapses_at` when time alone closes
 * it: from then on it is given to nobody.
 */
const openReviews = `create view open_reviews as
  select id, sanction, language, opened_at, reviewers, assignment_due_at as taken_by, evidence_due_at, evidence_lapses_at,
    least(undecided_at, evidence_lapses_at, withdraws_at) as lapses_at
  from appeals where closed_at is null
  union all
  select u.id, u.sanction, a.language, u.opened_at, 1, u.due_at - interval '${inspectionTakenBeforeDays} days',
    u.evidence_due_at, u.evidence_due_at, case when u.why = 'relay' then null when u.suspension is null then least(u.due_at,
      case when u.why = 'home-reversal' then u.evidence_due_at end) else z.over_at end
  from inspections u left join appeals a on a.id = u.appeal left join suspended_until z on z.item = u.suspension
  where u.closed_at is null`;

export const openReviewFunctions = [
  openReviews,
  `create function is_open(of_review text) returns boolean language sql stable as $$
    select exists (select from open_reviews o where o.id = of_review)
  $$`,
];

/**
 * Who may not judge: whoever worked for the submitter, or for a platform of its groups. Who was told bars nobody: a creator
 * who signs up where a reviewer worked would choose the judges.
 */
const independent = `create function is_independent(of_sanction text, of_holder text, at timestamptz)
  returns boolean language sql stable as $$
    select is_apart((select s.party from sanctions s where s.id = of_sanction), of_holder, at)
  $$`;

/** Who worked for a platform that was told, or for one of its groups: everybody on the case sees that there is one. */
const workedForTold = `create function worked_for_told(of_sanction text, of_holder text, at timestamptz)
  returns boolean language sql stable as $$
    select exists (
      select from affiliations a
      cross join lateral group_members(a.party, at) as theirs(id)
      where a.holder = of_holder and (a.until is null or a.until > at - interval '24 months')
        and theirs.id in (select d.party from disclosures d where d.sanction = of_sanction))
  $$`;

/**
 * Assignments that a reviewer neither decided nor gave back in time, since the panel's admin looked. One of a case that
 * time closed first is none.
 */
const lapses = `create function lapses_of(of_holder text, at timestamptz)
  returns integer language sql stable as $$
    select count(distinct c.batch)::int from assignments c join holders h on h.id = c.holder
    left join appeals a on a.id = c.review left join inspections u on u.id = c.review
    where c.holder = of_holder and c.expires_at <= lapses_of.at
      and c.expires_at > greatest(lapses_of.at - interval '${lapseDays} days', h.excused_at)
      and (c.released_at is null or c.released_at >= c.expires_at)
      and not exists (select from decisions d
        where d.review = c.review and d.holder = c.holder and d.at < c.expires_at)
      and coalesce(least(a.evidence_lapses_at, a.withdraws_at, u.evidence_due_at) > c.expires_at, true)
  $$`;

/** Affiliated since the assignment: no key, and no evidence sealed to it. */
const keyedByIndependent = `create function assignment_keyed_by_independent() returns trigger language plpgsql as $$
    begin
      if not is_independent(new.sanction, new.holder, new.keyed_at) then
        raise exception 'not independent' using errcode = 'check_violation';
      end if;
      return new;
    end $$`;

/** Each question keeps the case with its reviewer for as long as it may be answered. */
const asked = `create function guard_question() returns trigger language plpgsql as $$
    begin
      if not exists (select from assignments c where c.review = new.appeal and c.holder = new.holder
        and c.released_at is null and new.asked_at <= c.at + interval '${askDays} days')
      then
        ${refuse('asked too late')}
      end if;
      return new;
    end $$`;

/** Rules about rows of several tables, for the service role; the owner of the schema is bound by none. */
export const appealPolicies = (role: string): string[] => [
  apart,
  independent,
  workedForTold,
  lapses,
  ...againGuards,
  ...['assignments', 'decisions'].flatMap((table) => [
    `alter table ${table} enable row level security`,
    `create policy ${table}_read on ${table} for select to ${role} using (true)`,
  ]),
  `create policy assignments_change on assignments for update to ${role} using (true) with check (true)`,
  `create policy assignments_independent on assignments for insert to ${role} with check (
    is_independent(sanction, holder, at) and is_open(review)
    and (is_new_to(sanction, holder, null) or ${seatedAgain})
    and lapses_of(holder, at) < ${mostLapses})`,
  keyedByIndependent,
  `create trigger assignments_keyed before update of keyed_at on assignments
    for each row when (old.keyed_at is null and new.keyed_at is not null)
    execute function assignment_keyed_by_independent()`,
  asked,
  `create trigger questions_in_time before insert on questions for each row execute function guard_question()`,
  // Affiliated since the assignment, released, or too late: no decision.
  `create policy decisions_independent on decisions for insert to ${role} with check (
    is_independent(sanction, holder, at)
    and exists (select from assignments c where c.review = decisions.review and c.holder = decisions.holder
      and c.released_at is null and c.keyed_at is not null)
    and is_open(review))`,
];
