import { exemptEnds, homeReversalRules, reversalRules } from '@recourse/protocol';
import { quoted } from '../schema/quoted.ts';
import { refuse } from './refuse.ts';

/** By which way an appeal was opened outlives its claimants. The code writes it, and nobody says another. */
const openedBy = [
  `create function guard_proven() returns trigger language plpgsql as $$
    begin
      if new.proven is distinct from has_proven(new.claimant, new.opened_at) then
        ${refuse('an appeal is not opened by such a way')}
      end if;
      return new;
    end $$`,
  `create trigger appeals_proven before insert on appeals for each row execute function guard_proven()`,
];

const { spared, sparedPercent, sparedDays } = reversalRules;
const { hours, untrueFrom } = homeReversalRules;

const exempt = quoted([...exemptEnds]);

/**
 * The cases that two of three reviewers named, all votes being in. What is struck is read from the votes: nobody else
 * writes it.
 */
const struckCases = `create function struck_cases(upto timestamptz) returns table (item text, id text)
  language sql stable as $$
    select i.id, c.id from panel_items i join panel_votes v on v.item = i.id
    cross join lateral unnest(v.strikes) as c(id)
    where i.kind = 'strikes' and i.outcome = 'strike' and i.closed_by = 'votes' and i.closed_at <= upto
    group by i.id, i.votes, c.id having count(distinct v.holder) * 2 > i.votes
  $$`;

/**
 * What counts of a group's records that another was told of, and whether it went against the group: appeals, failed
 * inspections, withdrawals of whatever cause but those that are exempt by name. Neither a submitter nor its friends choose what counts. Not counted are appeals that nobody
 * decided or that were dismissed, those upheld that only shared ways opened, and what ended because the record that it says
 * was evaded was reversed. Against the group counts all but what a submitter says of itself, and of that a bounded part.
 * A home reversal in time is apart, and counts in nothing, unless a reviewer found no complaint behind it. Where that is so
 * of several of a quarter, those that were not drawn count, too: a label that was false where somebody looked is worth nothing.
 */
const countedAppeals = `create function counted_appeals(
    of_party text, since timestamptz, upto timestamptz)
  returns table (id text, sanction text, closed_at timestamptz, reversed boolean)
  language sql stable as $$
    with untrue_quarters as (
      select s.party, date_trunc('quarter', e.at, 'UTC') as quarter, max(u.closed_at) as at
      from sanctions s join inspections u on u.sanction = s.id join ends e on e.sanction = s.id
      where s.party in (select group_members(of_party, upto))
        and u.why = 'home-reversal' and u.outcome = 'failed' and u.closed_at <= upto
      group by 1, 2 having count(*) >= ${untrueFrom}
    ), cases as (
      select a.id, s.id as sanction, a.closed_at,
        not (a.closed_as = 'decided' and a.outcome in ('upheld', 'amended')) as reversed,
        a.closed_as = 'conceded' and a.ground = 'not-me' and a.proven
          and a.concession is not distinct from 'victim'
          and a.closed_at <= a.opened_at + interval '${sparedDays} days' as spared
      from sanctions s join appeals a on a.sanction = s.id
      where s.party in (select group_members(of_party, upto))
        and a.closed_at > since and a.closed_at <= upto
        and a.closed_as in ('decided', 'conceded', 'undelivered')
        and not (a.closed_as = 'decided'
          and (a.outcome = 'dismissed' or a.outcome = 'upheld' and not a.proven))
        and not (a.cause is not distinct from 'evaded-ended' and not exists (
          select from ends e where e.sanction = s.evades and e.kind = 'withdrawn'))
        -- Decided again and found wrong, it counts once, as that.
        and not (a.outcome in ('upheld', 'amended') and exists (
          select from inspections u
          where u.appeal = a.id and u.outcome = 'failed' and u.closed_at <= upto))
      union all
      select u.id, s.id, u.closed_at, true, false
      from sanctions s join inspections u on u.sanction = s.id
      where s.party in (select group_members(of_party, upto)) and u.outcome = 'failed'
        -- Of a home reversal its end counts, since then.
        and u.why <> 'home-reversal'
        and u.closed_at > since and u.closed_at <= upto
        and not exists (select from appeals a where a.id = u.appeal and a.outcome in ('reversed', 'finding'))
      union all
      select case when h.outcome = 'failed' then h.id else e.sanction end, e.sanction, c.at, true, false
      from sanctions s join ends e on e.sanction = s.id
      left join inspections h on h.sanction = s.id and h.why = 'home-reversal'
      left join untrue_quarters f on f.party = s.party and f.quarter = date_trunc('quarter', e.at, 'UTC')
      -- Since when it counts; never while it is apart.
      cross join lateral (select case
        when (e.at <= e.lifted_at + interval '${hours} hours') is not true then e.at
        when h.outcome = 'failed' then h.closed_at
        when h.id is null then f.at end as at) c
      where s.party in (select group_members(of_party, upto))
        and e.kind = 'withdrawn' and e.cause not in (${exempt}) and c.at > since and c.at <= upto
        -- Counted as the inspection that it evaded, or as what was found of it later.
        and not exists (select from inspections u where u.sanction = s.id
          and u.outcome = 'failed' and u.why <> 'home-reversal' and u.closed_at >= e.at and u.closed_at <= upto)
        and not exists (select from appeals a where a.sanction = s.id
          and a.closed_at >= e.at and a.closed_at <= upto
          and (a.outcome = 'finding' or a.closed_as in ('conceded', 'undelivered')))
    ), told as (
      select c.*, count(*) over () as decided,
        row_number() over (partition by c.spared order by c.closed_at, c.id) as place
      from cases c where exists (
        select from disclosures d where d.sanction = c.sanction and d.at <= upto
          and d.party not in (select group_members(of_party, upto)))
        and c.id not in (select x.id from struck_cases(upto) x)
    )
    select t.id, t.sanction, t.closed_at, t.reversed and not (t.spared
      and (t.place <= ${spared} or t.place * 100 <= t.decided * ${sparedPercent}))
    from told t
  $$`;

export const counting: readonly string[] = [...openedBy, struckCases, countedAppeals];
