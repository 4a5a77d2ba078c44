/**
 * When the suspension that opened a re-examination is over: lifted, or under an appeal that nobody decided in time. Not
 * while another by the panel stands against the group.
 */
const until = `create function reexamined_until(of_item text) returns timestamptz
  language sql stable strict as $$
    select case when bool_and(t.over_at is not null) then max(t.over_at) end
    from panel_items i
    join party_suspensions u on u.item is not null
      and u.party in (select group_members(i.party, u.since))
    cross join lateral (select coalesce(u.lifted_at, (
      select a.due_at from panel_items a where a.about = u.item and a.closed_at is null)) as over_at) t
    where i.id = of_item
  $$`;

/** The same for every item that has re-examinations open, asked once an item, however many records there are. */
const each = `create view suspended_until as
  select i.id as item, reexamined_until(i.id) as over_at from panel_items i
  where i.outcome = 'suspend' and exists (
    select from inspections u where u.suspension = i.id and u.closed_at is null)
  offset 0`;

export const suspensionFunctions = [until, each];
