import { refuse } from './refuse.ts';

export const claimantGuards = [
  // Whoever left is no claimant again, and a proof is never taken back.
  `create trigger claimants_left before update on claimants
    for each row when (old.left_at is not null) execute function refuse_change()`,
  `create trigger claimant_ways_final before update on claimant_ways
    for each row when (new.proven_at < old.proven_at) execute function refuse_change()`,
  `create trigger case_access_ended before update on case_access
    for each row when (old.ended_at is not null and new.ended_at is distinct from old.ended_at)
    execute function refuse_change()`,
  // A claimant lets somebody in, and a representative nobody. A guardian acts for a minor.
  `create function guard_let_in() returns trigger language plpgsql as $$
    begin
      if not exists (
        select from case_access a join claimants c on c.id = a.by_claimant
        where a.by_claimant = new.acts_for and a.kind = new.kind and a.claimant is null
          and a.ended_at is null and a.invite_until > new.since
          and c.left_at is null and c.kind <> 'representative'
      ) then ${refuse('nobody let them in')} end if;
      if new.kind = 'guardian' and not exists (
        select from sanctions s where s.id = new.sanction and s.age = 'minor'
      ) then ${refuse('a guardian acts for a minor')} end if;
      return new;
    end $$`,
  `create trigger claimants_let_in before insert on claimants
    for each row when (new.acts_for is not null) execute function guard_let_in()`,
  // One claimant is the first who used a code.
  `create trigger case_codes_used before update of used_by on case_codes
    for each row when (old.used_by is not null) execute function refuse_change()`,
  `create function guard_first_use() returns trigger language plpgsql as $$
    begin
      if not exists (
        select from case_codes o where o.sanction = new.sanction and o.position = new.position
          and o.used_by = new.claimant
      ) then ${refuse('somebody else used it first')} end if;
      return new;
    end $$`,
  `create trigger claimant_ways_first before insert on claimant_ways
    for each row when (new.first_use) execute function guard_first_use()`,
  // Whoever vouches may hold the secret: by a ticket nobody enters before its platform stands among those who were told.
  `create function guard_vouched() returns trigger language plpgsql as $$
    begin
      if not exists (
        select from matches m where m.sanction = new.sanction and m.purpose = 'vouching'
          and m.told_at = new.at and new.position = any(m.positions)
      ) then ${refuse('nobody who vouched was told')} end if;
      return new;
    end $$`,
  `create trigger claimant_ways_vouched before insert on claimant_ways
    for each row when (new.way = 'ticket') execute function guard_vouched()`,
];

/**
 * By which identifiers a claimant came until an instant; -1 by a code that the platform handed out: all of those are one
 * way. A guardian whom a minor let in came as the minor did, and a representative as the claimant they act for.
 */
const waysOf = `create function ways_of(of_claimant text, by_then timestamptz) returns setof integer
  language sql stable as $$
  select distinct coalesce(w.position, -1) from claimants c
  join claimant_ways w on w.claimant in (c.id, c.acts_for) and w.at <= by_then
  where c.id = of_claimant $$`;

/** How much has happened in a case that its claimants are told of; it only grows. */
const caseNews = `create function case_news(of_sanction text) returns integer language sql stable as $$
  select (
    (select count(*) from sanction_events e where e.sanction = of_sanction)
    + (select count(*) + count(q.answered_at) from inquiries q where q.sanction = of_sanction)
  )::integer $$`;

export const caseFunctions = [waysOf, caseNews];
