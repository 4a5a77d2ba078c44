import { objectionDays } from '../schema/figures.ts';
import { among, keyed } from './keyed.ts';

/** How long a party counts to a group that it left. */
const countsFor = `interval '24 months'`;

/** What a member objected counts for nothing until the panel granted it. */
const counts = `(g.until is null or g.until > at - ${countsFor})
  and (g.item is null or exists (
    select from panel_items i where i.id = g.item and i.outcome = 'join'))`;

/** A party counts to every group it was in during the last 24 months. */
export const groupFunctions = [
  `create function groups_of(of_party text, at timestamptz) returns setof text language sql stable as $$
      select g.group_name from party_groups g where g.party = of_party and ${counts}
    $$`,
  // Itself, and whoever counts to a group that it counts to.
  `create function group_members(of_party text, at timestamptz) returns setof text language sql stable as $$
      select of_party
      union
      select g.party from party_groups g
      where g.group_name in (select o.name from groups_of(of_party, at) as o(name)) and ${counts}
    $$`,
];

/**
 * A group records an incident once, and not again what it ended otherwise than by expiry, whoever writes the
 * row.
 */
const filedOnce = [
  `create function refuse_filed_again() returns trigger language plpgsql as $$
    begin
      if exists (
        select from subjects mine
        cross join lateral (
          select u.sanction from subjects u
          where u.lookup = mine.lookup and u.sanction <> mine.sanction ${keyed}) theirs
        where mine.sanction = new.id and exists (
          select from sanctions s left join ends e on e.sanction = s.id
          where s.id = theirs.sanction and s.submitted_at is not null
            and ${among('s.party', 'group_members(new.party, new.submitted_at)')}
            and (
              (s.incident_from <= new.incident_to and s.incident_to >= new.incident_from)
              or (s.reason = new.reason and e.at >= new.incident_from)) ${keyed})
      ) then
        raise exception 'its group has decided this already' using errcode = 'check_violation';
      end if;
      return null;
    end $$`,
  // After the statement, which writes the subjects as well.
  `create trigger sanctions_filed_once after insert or update of submitted_at on sanctions
    for each row when (new.submitted_at is not null) execute function refuse_filed_again()`,
];

/** Whether two operators moved a platform at an instant. */
const moved = `create function moved_at(at timestamptz) returns boolean language sql stable as $$
  select exists (
    select from proposals q
    where q.op = 'platforms.setGroup' and q.executed_by is not null and q.executed_at = at)
$$`;

/**
 * A registration begins a membership. Another group in it changes nothing by itself: it needs a membership of that group.
 * A membership ends once, and not before the newest record that was made in it.
 */
export const groupGuards = (role: string): string[] => [
  ...filedOnce,
  moved,
  `create function assert_group() returns trigger language plpgsql as $$
    begin
      if not exists (
        select from party_groups g
        where g.party = new.id and g.group_name = new.registration ->> 'group' and g.until is null
      ) or tg_op = 'INSERT' and exists (
        select from party_groups g where g.party = new.id
          and (g.group_name, g.since) is distinct from (new.registration ->> 'group', new.registered_at)
      ) then
        raise exception 'registered in a group that it is not in' using errcode = 'check_violation';
      end if;
      return null;
    end $$`,
  // After the statement, which writes the membership as well.
  `create trigger parties_join after insert on parties
    for each row when (new.registration is not null) execute function assert_group()`,
  `create trigger parties_in_group after update of registration on parties
    for each row when (new.registration -> 'group' is distinct from old.registration -> 'group')
    execute function assert_group()`,
  `create function guard_leaving_group() returns trigger language plpgsql as $$
    begin
      if old.until is not null or exists (
        select from sanctions s where s.party = old.party and s.submitted_at > new.until
      ) then
        raise exception 'a membership ends once, after what was done in it' using errcode = 'check_violation';
      end if;
      return new;
    end $$`,
  `create trigger party_groups_leaving before update on party_groups
    for each row execute function guard_leaving_group()`,
  // For the service role. The first is the registration's; two operators stand behind any other, or a member that objects.
  `alter table party_groups enable row level security`,
  `create policy party_groups_read on party_groups for select to ${role} using (true)`,
  `create policy party_groups_join on party_groups for insert to ${role} with check (
    until is null and (
      exists (
        select from panel_items i join parties o on o.id = by_party
        where i.id = item and i.kind = 'group' and i.closed_at is null and i.opened_at = since
          and o.active_from <= since and o.left_at is null
          and not exists (
            select from party_groups said
            where said.party = party_groups.party and said.by_party = party_groups.by_party
              and said.since > party_groups.since - interval '${objectionDays} days'))
      or item is null and (
        not exists (select from party_groups former where former.party = party_groups.party)
        or moved_at(since))))`,
  `create policy party_groups_leave on party_groups for update to ${role}
    using (true) with check (moved_at(until))`,
];
