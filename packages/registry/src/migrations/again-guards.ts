import { mostLapses } from '@recourse/protocol/review';
import { refuse } from './refuse.ts';

/** Who could be assigned a case on a record today, new to it or not. */
const mayTake = `create function may_take(of_sanction text, of_holder text, at timestamptz)
  returns boolean language plpgsql stable as $$
    begin
    return (select is_independent(of_sanction, of_holder, at)
      and exists (select from keys k where k.holder = of_holder and k.revoked_at is null)
      and not exists (select from sanctions s join holders h on h.id = of_holder
        where s.id = of_sanction and coalesce(s.amended_reason, s.reason) = any(h.opt_out))
      and lapses_of(of_holder, may_take.at) < ${mostLapses});
    end
  $$`;

/** Whether anybody is left who is new to a record. */
const hasNew = `create function has_new_reviewer(of_sanction text, at timestamptz)
  returns boolean language plpgsql stable as $$
    begin
    return (select exists (select from holders h
      where h.party = 'panel' and h.removed_at is null
        and case when is_new_to(of_sanction, h.id, null)
          then may_take(of_sanction, h.id, has_new_reviewer.at) end));
    end
  $$`;

/**
 * Whether who decided about a record before may sit on an appeal. Not who gave the record back, has it, or looked again at
 * evidence of this appeal.
 */
const mayReturn = `create function may_return(of_review text, of_sanction text, of_holder text, at timestamptz)
  returns boolean language plpgsql stable as $$
    begin
      return not exists (select from assignments c where c.sanction = of_sanction and c.holder = of_holder
          and (c.review = of_review or c.released_at is null or c.released_as = 'recused'))
        and not exists (select from disputes p where p.review = of_review and p.second = of_holder)
        and may_take(of_sanction, of_holder, may_return.at);
    end
  $$`;

/**
 * Who sits again on an appeal: where nobody is left who is new to its record, those who decided longest ago, two in place
 * of one. Once it should have been taken, any who decided: nobody keeps it waiting by their absence. Inspections are
 * nobody's again. What rules most out is asked first: it is asked of each appeal that waits.
 */
const sitsAgain = `create function sits_again(of_review text, of_holder text, at timestamptz)
  returns boolean language plpgsql stable as $$
    declare
      it appeals;
      mine timestamptz;
      places bigint;
    begin
      select * into it from appeals a where a.id = of_review and a.closed_at is null;
      select max(d.at) into mine from decisions d where d.sanction = it.sanction and d.holder = of_holder;
      if mine is null or not may_return(of_review, it.sanction, of_holder, sits_again.at) then
        return false;
      end if;
      places := greatest(it.reviewers, 2) - (
        select count(*) from assignments c where c.review = of_review and c.released_at is null);
      if it.assignment_due_at > sits_again.at and places <= (select count(*) from (
        select from (
          select d.holder from decisions d where d.sanction = it.sanction group by d.holder
          having (max(d.at), d.holder) < (mine, of_holder)) e
        where may_return(of_review, it.sanction, e.holder, sits_again.at) limit places) earlier)
      then
        return false;
      end if;
      return not has_new_reviewer(it.sanction, sits_again.at);
    end
  $$`;

/** Nobody decides about a record twice on their own word. */
const alone = `create function guard_alone() returns trigger language plpgsql as $$
  begin
    if (select count(*) < 2 and bool_or(exists (
        select from decisions e
        where e.sanction = d.sanction and e.holder = d.holder and e.review <> d.review))
      from decisions d where d.review = new.id)
    then
      ${refuse('two in place of one')}
    end if;
    return new;
  end $$`;

/** A row of assignments that is for two, where it is nobody's new record. */
export const seatedAgain = `(exists (select from appeals a where a.id = review and a.reviewers >= 2)
  and sits_again(review, holder, at))`;

/** Who sits where nobody is new, in the order in which the functions need each other. */
export const againGuards: readonly string[] = [
  mayTake,
  hasNew,
  mayReturn,
  sitsAgain,
  alone,
  `create trigger appeals_not_alone before update of closed_as, outcome on appeals
    for each row when (new.closed_as = 'decided') execute function guard_alone()`,
];
