import { mostProven } from '@recourse/protocol';
import { refuse } from './refuse.ts';

export const claimantGuards = [
  // Whoever left is no claimant again, and a proof is never taken back.
  `create trigger claimants_left before update on claimants
    for each row when (old.left_at is not null) execute function refuse_change()`,
  `create trigger claimant_ways_final before update on claimant_ways
    for each row when (new.proven_at < old.proven_at) execute function refuse_change()`,
  // Whoever came by a phone says since when the number is theirs once: who had a second say would read both ways.
  `create trigger claimant_ways_said before update on claimant_ways
    for each row when (old.number_since is not null and new.number_since is distinct from old.number_since)
    execute function refuse_change()`,
  `create function guard_by_phone() returns trigger language plpgsql as $$
    begin
      if exists (
        select from subjects u where u.sanction = new.sanction and u.position = new.position and u.kind = 'phone'
      ) then ${refuse('they came by a phone')} end if;
      return new;
    end $$`,
  `create trigger claimant_ways_phone before insert on claimant_ways
    for each row when (new.way in ('delivered', 'proof') and not new.by_phone)
    execute function guard_by_phone()`,
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
 * By which ways a claimant came until an instant: by each proof, by the first use of a code to each address, and as
 * themselves by all others, which a friend or the accuser may hold. A guardian whom a minor let in came as the minor did,
 * and a representative as the claimant they act for.
 */
const waysOf = `create function ways_of(of_claimant text, by_then timestamptz) returns setof text
  language sql stable as $$
  select distinct case when not w.proves then of_claimant
    when w.way = 'proof' then 'proof:' || w.position else 'code:' || w.position end
  from claimants c join claimant_ways w on w.claimant in (c.id, c.acts_for) and w.at <= by_then
  where c.id = of_claimant $$`;

/** Whether a claimant came by a way that proves an identifier, until an instant. */
const hasProven = `create function has_proven(of_claimant text, by_then timestamptz) returns boolean
  language sql stable as $$
  select exists (select from claimants c join claimant_ways w on w.claimant in (c.id, c.acts_for)
    where c.id = of_claimant and w.proves and w.at <= by_then) $$`;

/** Who came by a way, or is bound by it: a fresh proof counts for the codes of its address, too, and no code for a proof. */
const cameBy = `create function came_by(of_sanction text, of_way text)
  returns table (claimant text, since timestamptz) language sql stable as $$
  select of_way, '-infinity'::timestamptz where of_way like 'clm%'
  union all
  select c.id, w.at from claimant_ways w join claimants c on c.id = w.claimant or c.acts_for = w.claimant
  where w.sanction = of_sanction and w.proves and w.position = case when of_way not like 'clm%' then right(of_way, 1)::integer end
    and (w.way = 'proof' or of_way like 'code:%') $$`;

/**
 * Until when whoever joined an appeal was heard: until its last gist; without one, until its first reviewer had it. Who
 * joins later is bound to nothing.
 */
const heardUntil = `create function heard_until(of_appeal text) returns timestamptz language sql stable as $$
  select coalesce(
    (select max(q.asked_at) from questions q where q.appeal = of_appeal and q.kind = 'gist'),
    (select min(c.keyed_at) from assignments c where c.review = of_appeal and c.released_as = 'decided'),
    (select a.closed_at from appeals a where a.id = of_appeal)) $$`;

/** Whose words a reviewer of an appeal reads: of all who proved one identifier the first, of a shared way those drawn. */
const readIn = `create function read_in(of_appeal text) returns setof text language sql stable as $$
  select l.claimant from appeal_lots l where l.appeal = of_appeal and l.read_at is not null
  union
  select j.claimant from appeals a
  cross join generate_series(0, 7) place
  cross join lateral (
    select w.claimant from claimant_ways w where w.sanction = a.sanction and w.position = place and w.proves
    order by w.at, w.claimant limit ${mostProven}) p
  join claimants c on c.id = p.claimant or c.acts_for = p.claimant
  join appeal_joins j on j.appeal = a.id and j.claimant = c.id
  where a.id = of_appeal $$`;

/** Whether a way joined an appeal, however that ended. */
const hasJoined = `create function has_joined(of_appeal text, of_way text) returns boolean language sql stable as $$
  select exists (select from appeals a cross join lateral came_by(a.sanction, of_way) k
    join appeal_joins j on j.appeal = a.id and j.claimant = k.claimant
    where a.id = of_appeal and k.since <= coalesce(a.closed_at, k.since)) $$`;

/**
 * Whether a decided appeal binds a way: who came by it had joined, was heard, and had not withdrawn. Whom nobody read is
 * not bound.
 */
const isBound = `create function is_bound(of_appeal text, of_way text) returns boolean language sql stable as $$
  select exists (select from appeals a cross join lateral came_by(a.sanction, of_way) k
    join appeal_joins j on j.appeal = a.id and j.claimant = k.claimant
    where a.id = of_appeal and a.closed_as = 'decided' and greatest(j.at, k.since) <= heard_until(a.id)
      and (j.withdraws_at is null or j.withdraws_at > a.closed_at)
      and (of_way not like 'clm%' or of_way in (select read_in(a.id)))) $$`;

/**
 * Whether everybody answered whom a question was put to: each claimant who had joined when it was written, or by a proven
 * way whoever came by it. Who withdrew is not waited for.
 */
const isAnswered = `create function is_answered(of_question text, by_then timestamptz) returns boolean
  language sql stable as $$
  select not exists (
    select from questions q join appeal_joins j on j.appeal = q.appeal and j.at <= q.asked_at
      and (j.withdraws_at is null or j.withdraws_at > by_then)
    where q.id = of_question and (q.claimant is null or j.claimant = q.claimant)
      and not exists (select from question_answers a where a.question = q.id and a.claimant = j.claimant)
      and exists (
        select ways_of(j.claimant, q.asked_at)
        except
        select w from question_answers a, lateral ways_of(a.claimant, q.asked_at) w where a.question = q.id)) $$`;

/** How much has happened in a case that its claimants are told of; it only grows. */
const caseNews = `create function case_news(of_sanction text) returns integer language sql stable as $$
  select (
    (select count(*) from sanction_events e where e.sanction = of_sanction)
    + (select count(*) + count(q.answered_at) from inquiries q where q.sanction = of_sanction)
  )::integer $$`;

/** Addresses that are looked at by an instant. */
const dueContacts = `create function due_contacts(at timestamptz)
  returns table (claimant text, look_at timestamptz) language sql stable as $$
    select l.claimant, l.look_at from contact_looks l where l.look_at <= at $$`;

export const caseFunctions = [
  dueContacts,
  waysOf,
  hasProven,
  cameBy,
  heardUntil,
  readIn,
  hasJoined,
  isBound,
  isAnswered,
  caseNews,
];
