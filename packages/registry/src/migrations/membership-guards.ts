import { bounds } from '@recourse/protocol/review';
import {
  defaultSignupsPerDay,
  probationDailyRecords,
  probationHoldHours,
  unitsPerSignup,
} from '../schema/figures.ts';
import { groupGuards } from './group-guards.ts';
import { refuse } from './refuse.ts';

const hours = (days: number): string => `interval '${24 * days} hours'`;

/** Only a sandbox leaves the bounds. */
const sandbox = `create function is_sandbox() returns boolean language sql stable as $$
  select exists (select from registry_facts where name = 'mode' and value = 'sandbox') $$`;

/**
 * A party becomes active by the passing of its window alone, or by the panel; an objection is all that takes
 * it back, and who left stays away.
 */
const membership = `create function guard_membership() returns trigger language plpgsql as $$
  begin
    if tg_op = 'UPDATE' then
      if old.left_at is not null and new.left_at is distinct from old.left_at then
        ${refuse('who left has left')}
      end if;
      if new.active_from is not distinct from old.active_from then
        if new.probation_until is distinct from old.probation_until then
          ${refuse('a probation is not changed')}
        end if;
      elsif new.active_from is null then
        if not exists (select from objections o where o.party = new.id) then
          ${refuse('nobody objected')}
        end if;
      elsif old.active_from is not null or not exists (
        select from admissions a
        where a.party = new.id and a.outcome = 'admitted' and a.at <= new.active_from
      ) then
        ${refuse('the panel admits')}
      end if;
    end if;
    if not is_sandbox() and (
      new.objections_until < new.registered_at + ${hours(bounds.objectionDays.floor)}
      or new.probation_until < new.active_from + ${hours(bounds.probationDays.floor)}
    ) then
      ${refuse('shorter than a window or a probation is')}
    end if;
    return new;
  end $$`;

/** More records a day than anybody sets */
const beyondAny = 1_000_001;

/**
 * Bounds beyond the declared signups, and lower ones than a platform has, are set with an act of two people, in its
 * transaction; and nobody declares other signups later. A recovery writes what the log says.
 */
const quota = (
  role: string,
): string => `create function guard_quota() returns trigger language plpgsql as $$
  declare
    declared integer := coalesce((new.registration ->> 'signupsPerDay')::integer, ${defaultSignupsPerDay});
    units integer := ${unitsPerSignup} * declared;
  begin
    if current_user <> '${role}' then return new; end if;
    if tg_op = 'UPDATE' then
      if new.registration ->> 'signupsPerDay' is distinct from old.registration ->> 'signupsPerDay' then
        ${refuse('signups are declared once')}
      end if;
      if new.submissions_per_day is not distinct from old.submissions_per_day
        and new.elements_per_day is not distinct from old.elements_per_day then return new; end if;
    end if;
    if (
      new.submissions_per_day > declared or new.elements_per_day > units
      or new.submissions_per_day < coalesce(old.submissions_per_day, ${beyondAny})
      or coalesce(new.elements_per_day, units) < coalesce(old.elements_per_day, units)
    ) and not exists (
      -- Not older than this transaction, of which a savepoint has a later number.
      select from proposals p where p.op = 'platforms.setQuota' and p.executed_by is not null
        and age(p.xmin) <= 0
    ) then
      ${refuse('beyond the declared signups, or lower than it was, it takes two')}
    end if;
    return new;
  end $$`;

const objection = `create function guard_objection() returns trigger language plpgsql as $$
  begin
    if not exists (select from parties p where p.id = new.party and new.at < p.objections_until) then
      ${refuse('the window is over')}
    end if;
    if not exists (
      select from parties p where p.id = new.by_party and p.active_from <= new.at and p.left_at is null
    ) then
      ${refuse('only a member objects')}
    end if;
    return new;
  end $$`;

/** Neither checks nor submits nor vouches: who is not active yet, and who left. */
const check = `create function guard_check() returns trigger language plpgsql as $$
  begin
    if not exists (
      select from parties p where p.id = new.party and p.active_from <= new.at
        and (p.left_at is null or p.left_at >= new.at)
    ) then
      ${refuse('only a member checks or vouches')}
    end if;
    return new;
  end $$`;

/** A platform vouches for accounts of its own domain, and for IBANs by a fresh proof in a check of its own. */
const ticket = `create function guard_ticket() returns trigger language plpgsql as $$
  begin
    if new.kind = 'account' and not exists (
      select from parties p where p.id = new.party and p.registration ->> 'domain' = new.domain
    ) then
      ${refuse('vouches for an account of another domain')}
    end if;
    if new.kind = 'iban' and not exists (
      select from checks c where c.id = new.proven_by and c.party = new.party and c.asked <> '{}'
        and c.proven_at >= new.at - interval '24 hours'
    ) then
      ${refuse('vouches for an iban without a fresh proof')}
    end if;
    if not exists (
      select from checks c where c.id = new.check_id and c.party = new.party and c.at = new.at
        and c.purpose = 'vouching'
    ) then
      ${refuse('a ticket that cost nothing')}
    end if;
    return new;
  end $$`;

const submission = `create function guard_submission() returns trigger language plpgsql as $$
  declare
    p parties%rowtype;
    moment timestamptz := coalesce(new.submitted_at, new.drafted_at);
  begin
    select * into strict p from parties where id = new.party;
    if tg_op = 'INSERT' or new.submitted_at is distinct from old.submitted_at then
      if (p.active_from <= moment and (p.left_at is null or p.left_at >= moment)) is not true then
        ${refuse('only a member submits')}
      end if;
      if (select s.stands from is_suspended(new.party, moment) as s(stands)) then
        ${refuse('its group is suspended')}
      end if;
      if p.registration -> 'checkOnly' = 'true' then
        ${refuse('check-only')}
      end if;
      if new.submitted_at < p.probation_until and (
        select count(*) from sanctions s where s.party = new.party and s.id <> new.id
          and s.submitted_at > new.submitted_at - interval '24 hours'
      ) >= ${probationDailyRecords} then
        ${refuse('a day of probation is full')}
      end if;
    end if;
    if new.submitted_at < p.probation_until
      and new.visible_from < new.notified_at + interval '${probationHoldHours} hours' then
      ${refuse('held for longer in probation')}
    end if;
    return new;
  end $$`;

/** An order stands behind what it is said to have done: it was executed by two, and names this record. */
const order = `create function guard_order() returns trigger language plpgsql as $$
  begin
    if not exists (
      select from proposals q where q.id = new.proposal and q.op = 'orders.execute'
        and q.executed_by is not null
    ) then
      ${refuse('an order is executed by two')}
    end if;
    return new;
  end $$`;

const ordered = (effect: 'end' | 'restrict'): string =>
  `create function guard_ordered_${effect}() returns trigger language plpgsql as $$
  begin
    if not exists (
      select from orders o where o.sanction = new.sanction and o.effect = '${effect}'
    ) then
      ${refuse('no such order')}
    end if;
    return new;
  end $$`;

const before = (table: string, guard: { when: string; run: string; if?: string }): string =>
  `create trigger ${table}_${guard.run} before ${guard.when} on ${table}
    for each row ${guard.if ? `when (${guard.if})` : ''} execute function guard_${guard.run}()`;

export const membershipGuards = (role: string): string[] => [
  ...groupGuards(role),
  sandbox,
  membership,
  quota(role),
  objection,
  check,
  ticket,
  submission,
  order,
  ordered('end'),
  ordered('restrict'),
  before('parties', {
    when: 'insert or update of objections_until, active_from, probation_until, left_at',
    run: 'membership',
  }),
  before('parties', {
    when: 'insert or update of registration, submissions_per_day, elements_per_day',
    run: 'quota',
  }),
  before('objections', { when: 'insert', run: 'objection' }),
  before('checks', { when: 'insert', run: 'check' }),
  before('tickets', { when: 'insert', run: 'check' }),
  before('tickets', { when: 'insert', run: 'ticket' }),
  before('sanctions', {
    when: 'insert or update of submitted_at, notified_at, visible_from',
    run: 'submission',
  }),
  before('orders', { when: 'insert', run: 'order' }),
  before('ends', { when: 'insert', run: 'ordered_end', if: `new.cause = 'order'` }),
  before('suspensions', { when: 'insert', run: 'ordered_restrict', if: `new.cause = 'order'` }),
];
